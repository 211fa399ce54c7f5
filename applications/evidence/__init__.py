"""What is shown as proof: files in slots, and what an officer made of them. May know assessments."""
