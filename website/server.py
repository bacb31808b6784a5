"""The gunicorn server and its settings."""

import sys
from pathlib import Path

from gunicorn.app.base import BaseApplication

THREADS_PER_PROCESS = 8  # threads take turns on one core, and most of them wait for slow readers
# Gunicorn's heartbeat file costs no disk writes in shared memory. The system fixes the path.
SHARED_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  # workers touch files there as signs of life, no data


class SiteServer(BaseApplication):
    """Gunicorn with several processes, each with several threads.

    With the gthread worker an idle connection holds no thread, and half a request holds one thread, not the process. Each
    process loads the site after the fork (no preload), so that no two share a database connection.
    """

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.workers = workers
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": self.address,
            "workers": self.workers,
            "worker_class": "gthread",
            "threads": THREADS_PER_PROCESS,
            "preload_app": False,
            "control_socket_disable": True,  # gunicorn would create it in the operator's home folder
            "logger_class": "website.common.json_logs.ServerLog",
            "proc_name": "threepoint-site",
            "graceful_timeout": 10,  # seconds for running requests to finish after a signal to stop
            "post_worker_init": self.greet,
            **({"worker_tmp_dir": str(SHARED_MEMORY_FOLDER)} if SHARED_MEMORY_FOLDER.is_dir() else {}),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        from website.wsgi import application

        return application

    def greet(self, worker) -> None:
        """Print the address when the first process is ready; before that, it would ignore a signal to stop."""
        if worker.age > 1:
            return
        sys.stdout.write(f"Three Point is at http://{self.address}/  (Ctrl-C stops it)\n")
        sys.stdout.flush()
