"""What templates may ask: `{% load portal %}`."""
