"""Every door that the app has, by who may come in, and what is sent along by a stranger.

Whoever adds a door says here what strangers may do with it.
"""

import re
from typing import Any

from imagechat.domain.values import new_id
from tests.web.ground import SECRET, Ground

# Our own routes. What stands in OPEN is for everybody; everything else answers nobody with 401.
OPEN = {
    "/healthz", "/ready", "/metrics", "/examples", "/styles",
    "/login", "/signup", "/logout", "/enter", "/enter/entering.css", "/enter/entering.js",
}  # fmt: skip
OURS = OPEN | {
    "/live", "/live/now", "/gallery", "/usage.csv", "/account/export", "/account/delete", "/private/begin", "/private/keep", "/private/end",
    "/media/{blob}", "/media/{blob}/thumb", "/media/{blob}/download", "/reports/{report}/picture",
    "/gradio_api/upload", "/gradio_api/file={path:path}",
}  # fmt: skip
ACTS = {"/account/delete", "/logout"}
"""What a walker does to themselves: not for those who have to walk on."""
# Gradio's. What stands in neither is shut: it answers 404 in every mode, for everybody.
GRADIO_OPEN = {"/static/{path:path}", "/assets/{path:path}", "/favicon.ico", "/theme.css", "/robots.txt", "/gradio_api/startup-events"}
GRADIO = GRADIO_OPEN | {
    "/", "/config", "/config/", "/gradio_api/component_server", "/gradio_api/component_server/",
    "/gradio_api/run/{api_name}", "/gradio_api/run/{api_name}/",
}  # fmt: skip

ID, CHAT, NEW, MARK, SETTINGS = object(), object(), object(), object(), object()
"""Places of arguments: an id of any kind; that of a chat (another would begin one of one's own); a new id; a mark of a press; settings."""
CONTROLS = {"model": "fake-image", "image_model": "fake-image", "text_model": "fake-text", "size": "256x256", "quality": "low", "count": 1}
# Server functions: their arguments, and whether it is all right that they answer (with nothing of Ann's, which is looked for everywhere).
FUNCTIONS: dict[tuple[str, str], tuple[tuple[Any, ...], ...]] = {
    ("threads", "fetch_threads"): (("", ID), (ID,), (SECRET,), ("",)),
    ("threads", "give_title"): ((ID, "mine now"),),
    ("threads", "trash_thread"): ((ID,),),
    ("threads", "restore_thread"): ((ID,),),
    ("conversation", "fetch_turns"): ((ID,), (ID, ID)),
    ("conversation", "fetch_version"): ((),),
    ("conversation", "fetch_details"): ((ID,),),
    ("conversation", "ask_reroll"): ((ID, NEW), (ID, MARK)),
    ("conversation", "ask_same_seed"): ((ID, NEW),),
    ("conversation", "ask_vary"): ((ID, NEW, SETTINGS), (ID, MARK)),
    ("conversation", "ask_retry"): ((ID, None, NEW), (ID, 0, MARK)),
    ("conversation", "ask_stop"): ((ID,),),
    ("conversation", "ask_words"): ((CHAT, "mine", NEW, SETTINGS), (CHAT, "mine", MARK)),
    ("conversation", "ask_example"): ((CHAT, "boat", NEW), (CHAT, ID, NEW)),
    ("conversation", "ask_wording"): (("mine", "enhance", MARK, SETTINGS),),
    ("conversation", "ask_scene"): ((ID, NEW, SETTINGS), (ID, MARK, SETTINGS)),
    ("conversation", "drop_wording"): ((MARK,), (ID,)),
    ("conversation", "fetch_completion"): (("/imagine ", 9, SETTINGS), ("/edit " + SECRET[:4], 10, SETTINGS)),
    ("conversation", "fetch_price"): (("mine", SETTINGS, 1, ID),),
    ("conversation", "trash_picture"): ((ID,),),
    ("conversation", "restore_picture"): ((ID,),),
    ("conversation", "ask_report"): ((ID, "mine now"),),
    ("people", "fetch_people"): ((), (SECRET,), (ID,)),
    ("people", "set_person"): ((ID, "trusted", None, None), (ID, None, True, None), (ID, None, None, "admin"), ("owner", None, True, None)),
    ("people", "fetch_budgets"): ((),),
    ("people", "set_budget"): (("house", {"day": "1"}), ("visitor:", {"day": "0"}), (ID, None), ("group:guest", {"day": "100"})),
    ("people", "fetch_reports"): ((),),
    ("people", "decide"): ((ID, "removed"), (ID, "kept")),
    ("people", "fetch_log"): ((), (ID,)),
    ("mine", "fetch_mine"): ((),),
    ("mine", "keep_key"): (("openai", "not a key of anybody"), (ID, ID)),
    ("mine", "test_key"): (("openai",), (ID,)),
    ("mine", "drop_key"): (("openai",), (ID,)),
    ("mine", "end_session"): ((ID,),),
    ("mine", "change_password"): ((ID, "a longer one", "a longer one"), ("", ID, ID)),
    ("mine", "make_link"): ((),),
    ("mine", "delete_everything"): ((ID,), ("",)),
}
HARMLESS = {
    "fetch_threads",
    "fetch_version",
    "ask_wording",
    "drop_wording",
    "fetch_completion",
    "fetch_price",
    "fetch_mine",
    "fetch_people",
}
"""Those that answer a stranger: of the stranger's own space, which is looked at."""
EVENTS = {
    ("message", "submit"), ("model", "input"), ("conversation", "opened"), ("conversation", "regenerate"), ("conversation", "editing"),
    ("usage-tab", "select"), ("usage-span", "input"), ("usage-whose", "input"), ("account-tab", "select"), ("refresh", "click"),
}  # fmt: skip
# What a browser says of a page that is none of ours.
EVIL = (
    {"Origin": "http://evil.example"},
    {"Host": "evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
)


def fill(path: str, id: str) -> str:
    return re.sub(r"\{[^}]+\}", id, path.replace("{api_name}", "predict"))


def filled(shape: tuple[Any, ...], ground: Ground) -> list[list[Any]]:
    """The arguments of `shape` with each of Ann's and the owner's ids, chats or marks in its places."""
    wanted = [each for each in (ID, CHAT, MARK) if any(place is each for place in shape)]
    things, marks = ground.things, ground.marks
    values = things.every() if ID in wanted else things.ids["threads"] if CHAT in wanted else marks if wanted else [""]

    def put(place: Any, value: str, number: int) -> Any:
        known = ((ID, value), (CHAT, value), (NEW, new_id()), (MARK, marks[number % len(marks)]), (SETTINGS, CONTROLS))
        return next((given for each, given in known if place is each), place)

    return [[put(place, value, number) for place in shape] for number, value in enumerate(values)]
