"""Start here: `python app.py [serve|doctor|user|link|secret] [--host H] [--port P] [--data-dir D] [--share]`; serve by default."""

import argparse
import sys
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import SettingsError

from imagechat import i18n, logs, settings
from imagechat.errors import HouseFault


def arguments(given: list[str]) -> argparse.Namespace:
    """Read the command line."""
    common = _common()
    parser = argparse.ArgumentParser(
        prog="app.py", description="ImageChat: talk to language models and make pictures, in one conversation.", parents=[common]
    )
    commands = parser.add_subparsers(dest="command", metavar="serve | doctor | user | link | secret")
    commands.add_parser("serve", parents=[common], help="serve the page (the default)")
    commands.add_parser("doctor", parents=[common], help="check this machine")
    commands.add_parser("link", parents=[common], help="print a link that makes one browser the owner's")
    secret = commands.add_parser("secret", help="what people's keys are encrypted with: rotate").add_subparsers(dest="deed", required=True)
    secret.add_parser("rotate", parents=[common], help="write a new secret and encrypt all keys anew, beside a running app too")
    users = commands.add_parser("user", parents=[common], help="accounts: add, passwd, disable, enable, list")
    deeds = users.add_subparsers(dest="deed", required=True, metavar="add | passwd | disable | enable | list")
    for deed in ("add", "passwd", "disable", "enable"):
        deeds.add_parser(deed, parents=[common]).add_argument("name")
    deeds.add_parser("list", parents=[common])
    deeds.choices["add"].add_argument("--role", choices=("member", "admin"), default="member")
    deeds.choices["add"].add_argument("--group", choices=("member", "trusted"), default="member")
    return parser.parse_args(given)


def _common() -> argparse.ArgumentParser:
    """The flags that each command takes, before it or after."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--host", help="the address to listen on (127.0.0.1); 0.0.0.0 for all of this machine's, with guests or accounts")
    parser.add_argument("--port", help="the port to listen on (7860)")
    parser.add_argument("--data-dir", type=Path, help="the folder that keeps the database and every picture (data)")
    parser.add_argument("--share", action="store_true", help="a public link through Gradio's servers; each browser has a space of its own")
    return parser


def main(given: list[str]) -> int:
    """Do what the command line says; the exit status."""
    asked = arguments(given)
    flags = {name: getattr(asked, name, None) for name in ("host", "port", "data_dir", "share")}
    try:
        chosen = settings.load(**flags)
    except (ValidationError, SettingsError) as error:
        print(settings.complaint(error), file=sys.stderr)
        return 2
    logs.configure(chosen.log_level, chosen.log_format)
    if asked.command in ("user", "link", "secret"):
        from imagechat import accounts

        return accounts.run(chosen, asked)
    from imagechat import doctor, serving

    if asked.command == "doctor":
        return doctor.report(chosen)
    try:
        serving.serve(chosen)
    except HouseFault as refusal:
        print(i18n.locale(chosen.locale).error(refusal.code, refusal.reason, refusal.facts), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
