"""The server: gunicorn, with the few settings that matter to us."""

import sys
from pathlib import Path

from gunicorn.app.base import BaseApplication

THREADS_PER_PROCESS = 8  # of each process; they take turns on one core, and most of them wait for slow readers
SHARED_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  # where the server's heartbeat costs no disk; fixed by the system


class SiteServer(BaseApplication):
    """Processes that answer, a few requests at a time each.

    gthread: a browser's idle connections wait beside the threads, and a reader who sends half a request holds one thread of
    them, not the process. Each process loads the site after the fork (no preload), so that none shares a connection with
    another.
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
            "control_socket_disable": True,  # it would stand in the home folder of whoever runs the site
            "logger_class": "website.common.json_logs.ServerLog",
            "proc_name": "threepoint-site",
            "graceful_timeout": 10,  # seconds for answers under way when told to end
            "post_worker_init": self.greet,
            **({"worker_tmp_dir": str(SHARED_MEMORY_FOLDER)} if SHARED_MEMORY_FOLDER.is_dir() else {}),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        from website.wsgi import application

        return application

    def greet(self, worker) -> None:
        """Say the address once the first process can answer; told to end any earlier, it would not hear."""
        if worker.age > 1:
            return
        sys.stdout.write(f"Three Point is at http://{self.address}/  (Ctrl-C stops it)\n")
        sys.stdout.flush()
