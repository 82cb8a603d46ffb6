"""Start here: `python app.py [serve|doctor] [--host H] [--port P] [--data-dir D]`; serve by default."""

import argparse
import sys
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from imagechat import i18n, logs, settings
from imagechat.errors import HouseFault


def arguments(given: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="app.py", description="ImageChat: talk to language models and make pictures, in one conversation."
    )
    parser.add_argument(
        "command", nargs="?", choices=("serve", "doctor"), default="serve", help="serve (the default), or check this machine"
    )
    parser.add_argument("--host", help="the address to listen on (127.0.0.1); 0.0.0.0 for all of this machine's, with guests or accounts")
    parser.add_argument("--port", help="the port to listen on (7860)")
    parser.add_argument("--data-dir", type=Path, help="the folder that keeps the database and every picture (data)")
    parser.add_argument(
        "--share", action="store_true", default=None, help="a public link through Gradio's servers; each browser has a space of its own"
    )
    return parser.parse_args(given)


def main(given: list[str]) -> int:
    """Do what the command line says; the exit status."""
    asked = arguments(given)
    try:
        chosen = settings.load(host=asked.host, port=asked.port, data_dir=asked.data_dir, share=asked.share)
    except (ValidationError, SettingsError) as error:
        print(settings.complaint(error), file=sys.stderr)
        return 2
    logs.configure(chosen.log_level, chosen.log_format)
    from imagechat import bootstrap, doctor

    if asked.command == "doctor":
        return doctor.report(chosen)
    try:
        bootstrap.serve(chosen)
    except HouseFault as refusal:
        print(i18n.locale(chosen.locale).error(refusal.code, refusal.reason, refusal.facts), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
