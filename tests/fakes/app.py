"""The real application with the fake models beside its own: `python tests/fakes/app.py --port P --data-dir D`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import app
from imagechat import logs, serving, settings
from tests.fakes.models import FakeImage, FakeSeeing, FakeText


def main() -> int:
    """Serve as app.py does."""
    asked = app.arguments(sys.argv[1:])
    chosen = settings.load(**{name: getattr(asked, name, None) for name in ("host", "port", "data_dir", "share")})
    logs.configure(chosen.log_level, chosen.log_format)
    serving.serve(chosen, [FakeImage(), FakeText(), FakeSeeing()])
    return 0


if __name__ == "__main__":
    sys.exit(main())
