"""`python -m website` serves the site; `python -m website manage COMMAND` runs one of Django's own commands.

Started on this machine's own address with no secret set, it runs for this machine alone, over plain HTTP. Anywhere else it
wants a secret and the names it answers to, and something before it that speaks TLS (docs/how-to/run-the-site.md).
"""

import argparse
import hashlib
import ipaddress
import os
import secrets
import socket
import sys
from pathlib import Path

NOT_STARTED_EXIT_CODE = 2  # exit code: something must be set otherwise first


def main(words: list[str]) -> None:
    """Reads the arguments and goes one of the two ways."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "website.settings")
    if words[:1] == ["manage"]:
        run_management_command(words)
    else:
        start_site(parse_arguments(words))


def run_management_command(words: list[str]) -> None:
    """Django's own commands, on the settings that the site would run with."""
    from django.core.management import execute_from_command_line

    configure_local_mode("127.0.0.1")
    set_up_django()
    execute_from_command_line(["python -m website manage", *words[1:]])


def parse_arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m website", description="Serve the site.", epilog="See also: manage")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=2, help="processes that answer (2)")
    return parser.parse_args(words)


def start_site(asked: argparse.Namespace) -> None:
    """Bring the database and the static files up to date, then serve until told to stop."""
    configure_local_mode(asked.host)
    require_free_port(asked.host, asked.port)
    set_up_django()
    prepare_site()

    from website.server import SiteServer

    SiteServer(asked.host, asked.port, asked.workers).run()


def configure_local_mode(host: str) -> None:
    """Run for this machine alone where that is safe and nothing else was asked for; refuse where it is not safe.

    The secret is made here, once, so that all processes of the site sign with the same.
    """
    on_loopback = is_loopback(host)
    if os.environ.get("THREEPOINT_SITE_LOCAL") == "1" and not on_loopback:
        exit_with_error(
            f"THREEPOINT_SITE_LOCAL=1 is for this machine alone, and {host} is not: take it away, and set a secret"
        )
    meant_for_others = {"THREEPOINT_SITE_SECRET", "THREEPOINT_SITE_HOSTS", "THREEPOINT_SITE_LOCAL"} & os.environ.keys()
    if on_loopback and not meant_for_others:
        os.environ["THREEPOINT_SITE_LOCAL"] = "1"
    if os.environ.get("THREEPOINT_SITE_LOCAL") == "1":
        os.environ.setdefault("THREEPOINT_SITE_SECRET", secrets.token_urlsafe(50))


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def require_free_port(host: str, port: int) -> None:
    """Say so at once; the server itself would try for some seconds first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            exit_with_error(f"cannot listen on {host} port {port} ({error.strerror}); choose another with --port")


def set_up_django() -> None:
    """Load Django, or say in one line which setting it lacks; make the folder of the site's own data."""
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        exit_with_error(str(error))
    Path(settings.DATA).mkdir(mode=0o700, parents=True, exist_ok=True)


def prepare_site() -> None:
    """Bring the site's database up to date, and the files that browsers fetch."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.utils import OperationalError

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        exit_with_error(f"the site's database does not answer; check DATABASE_URL ({error})")
    connections.close_all()  # a connection may not be shared with the processes that come of this one
    collect_static_files()


def collect_static_files() -> None:
    """Copy the files that browsers fetch, packed and under names with a hash, unless that was done for these very files."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import find, get_finders
    from django.core.management import call_command

    if not find("built/site.css"):
        exit_with_error("the style sheet has not been built; run: make setup")
    made_from, files = Path(settings.DATA) / "static-made-from", _hash_static_files(get_finders())
    there = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists() and made_from.exists()
    if not there or made_from.read_text() != files:
        call_command("collectstatic", interactive=False, verbosity=0)
        made_from.write_text(files)


def _hash_static_files(finders) -> str:
    """One hash of all files, by name and content."""
    found = [(name, Path(storage.path(name))) for finder in finders for name, storage in finder.list(None)]
    content = hashlib.sha256()
    for name, path in sorted(found):
        content.update(name.encode() + path.read_bytes())
    return content.hexdigest()


def exit_with_error(reason: str) -> None:
    sys.stderr.write(f"website: {reason}\n")
    raise SystemExit(NOT_STARTED_EXIT_CODE)


if __name__ == "__main__":
    main(sys.argv[1:])
