"""What can be applied for, and when: institutions, programmes, intakes, rounds, and who is appointed to them.

Knows users and the clock; knows neither rules of admission nor any application.
"""
