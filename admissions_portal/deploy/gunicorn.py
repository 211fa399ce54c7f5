"""Gunicorn's settings, for ./portal and the compose stack alike; strangers reach it through nginx only."""

from pathlib import Path

from admissions_portal import env

bind = env.text("PORTAL_BIND", "127.0.0.1:8000")
workers = env.number("PORTAL_WEB_WORKERS", 2)
worker_class = "gthread"
threads = env.number("PORTAL_WEB_THREADS", 4)
# The code is loaded once and shared by the workers.
preload_app = True
# A worker that shows no life for so many seconds is replaced; a slow request alone does not count as that.
timeout = 60
graceful_timeout = 10
keepalive = 5
# A leak, if there is one, ends with its worker; not all at once.
max_requests = 5000
max_requests_jitter = 500
# A heartbeat file on a disk can stall a worker.
_MEMORY = Path("/dev/shm")  # nosec B108  gunicorn makes its own private file there
worker_tmp_dir = str(_MEMORY) if _MEMORY.is_dir() else None
control_socket_disable = True
accesslog = "-" if env.flag("PORTAL_ACCESS_LOG") else None
# The path alone: what staff search for stands behind the question mark, and is people's names.
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(L)s"
