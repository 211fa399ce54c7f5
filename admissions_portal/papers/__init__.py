"""What was issued: a paper is a template, a frozen context and, once made, the bytes and their hash.

Asking for a paper writes a row and nothing else; a worker makes the PDF. This is the only place that imports
WeasyPrint. It knows nobody but the ground: whoever asks says what the paper is about by kind and id.
"""
