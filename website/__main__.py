"""`python -m website` serves the site; `python -m website manage COMMAND` runs one of Django's own commands.

On a loopback address, with no secret set, the site runs over plain HTTP for this machine only. On any other address it needs a
secret, the host names it answers to, and a proxy that handles TLS (docs/how-to/run-the-site.md).
"""

import argparse
import hashlib
import ipaddress
import os
import secrets
import socket
import sys
from pathlib import Path

NOT_STARTED_EXIT_CODE = 2


def main(arguments: list[str]) -> None:
    """Run a management command or start the site, depending on the first argument."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings")
    if arguments[:1] == ["manage"]:
        run_management_command(arguments)
    else:
        start_site(parse_arguments(arguments))


def run_management_command(arguments: list[str]) -> None:
    """Run one of Django's own commands with the settings of the site."""
    from django.core.management import execute_from_command_line

    configure_local_mode("127.0.0.1")
    set_up_django()
    execute_from_command_line(["python -m website manage", *arguments[1:]])


def parse_arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m website", description="Serve the site.", epilog="See also: manage")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=2, help="number of server processes (2)")
    return parser.parse_args(arguments)


def start_site(options: argparse.Namespace) -> None:
    """Bring the database and the static files up to date, then serve until the process is stopped."""
    configure_local_mode(options.host)
    require_free_port(options.host, options.port)
    set_up_django()
    prepare_site()

    from website.server import SiteServer

    SiteServer(options.host, options.port, options.workers).run()


def configure_local_mode(host: str) -> None:
    """Turn local mode on where it is safe and no other mode is configured; exit where it is on and not safe.

    The secret is generated here, once, because all processes of the site must sign with the same one.
    """
    on_loopback = is_loopback(host)
    if os.environ.get("THREEPOINT_SITE_LOCAL") == "1" and not on_loopback:
        exit_with_error(
            f"THREEPOINT_SITE_LOCAL=1 is for this machine only, and {host} is not: unset it, and set a secret"
        )
    configured = {"THREEPOINT_SITE_SECRET", "THREEPOINT_SITE_HOSTS", "THREEPOINT_SITE_LOCAL"} & os.environ.keys()
    if on_loopback and not configured:
        os.environ["THREEPOINT_SITE_LOCAL"] = "1"
    if os.environ.get("THREEPOINT_SITE_LOCAL") == "1":
        os.environ.setdefault("THREEPOINT_SITE_SECRET", secrets.token_urlsafe(50))


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_free_port(host: str, port: int) -> None:
    """Exit if the port is in use. Gunicorn would retry for some seconds before it says so."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            exit_with_error(f"cannot listen on {host} port {port} ({error.strerror}); choose another with --port")


def set_up_django() -> None:
    """Load Django, or exit and name the missing setting; create the folder for the site's own data."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        exit_with_error(str(error))
    Path(settings.DATA).mkdir(mode=0o700, parents=True, exist_ok=True)


def prepare_site() -> None:
    """Migrate the database and collect the static files."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.utils import OperationalError

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        exit_with_error(f"the site's database does not answer; check DATABASE_URL ({error})")
    connections.close_all()  # child processes must not share a connection with this one
    collect_static_files()


def collect_static_files() -> None:
    """Collect the static files, compressed and with a hash in their names, unless they have not changed since last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import find, get_finders
    from django.core.management import call_command

    if not find("built/site.css"):
        exit_with_error("the style sheet has not been built; run: make setup")
    hash_path, source_hash = Path(settings.DATA) / "static-made-from", _hash_static_files(get_finders())
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists() and hash_path.exists()
    if not collected or hash_path.read_text() != source_hash:
        call_command("collectstatic", interactive=False, verbosity=0)
        hash_path.write_text(source_hash)


def _hash_static_files(finders) -> str:
    """Return one hash of the names and contents of all static files."""
    files = [(name, Path(storage.path(name))) for finder in finders for name, storage in finder.list(None)]
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(name.encode() + path.read_bytes())
    return digest.hexdigest()


def exit_with_error(reason: str) -> None:
    sys.stderr.write(f"website: {reason}\n")
    raise SystemExit(NOT_STARTED_EXIT_CODE)


if __name__ == "__main__":
    main(sys.argv[1:])
