"""Celery's settings: a killed worker loses nothing, a silent broker hangs nobody."""

from django.conf import settings

broker_url = settings.BROKER_URL
broker_connection_retry_on_startup = True
broker_transport_options = {
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    # A task handed to a worker that died comes back after this; it must exceed the longest task.
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
task_ignore_result = True
task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
# kB. Each batch of letters leaves a third of a megabyte behind in Pango: a swollen child is replaced.
worker_max_memory_per_child = 400_000
task_time_limit = 240
task_soft_time_limit = 200
worker_hijack_root_logger = False
timezone = "Asia/Hong_Kong"

TICK = {"expires": 2}
beat_schedule = {
    "deliver messages": {"task": "outbox.deliver_due", "schedule": 2.0, "options": TICK},
    "render papers": {"task": "papers.render_due", "schedule": 2.0, "options": TICK},
    "run jobs": {"task": "jobs.run_due", "schedule": 2.0, "options": TICK},
    "note the pulse": {"task": "health.note_pulse", "schedule": 10.0, "options": TICK},
    "look at the clock": {"task": "applications.tick", "schedule": 5.0, "options": TICK},
}
