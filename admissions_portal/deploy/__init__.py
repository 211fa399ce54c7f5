"""What production needs around the code: nginx and gunicorn."""
