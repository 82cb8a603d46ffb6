"""The way in: log in, make an account, leave, and the owner's one-time link. Small pages of our own, with nothing from elsewhere."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from imagechat.domain.visitors import Role, Visitor
from imagechat.errors import BadInput, ImageChatError, NotFound, NotKnown
from imagechat.studio.entering import Entered
from imagechat.web.headers import framers
from imagechat.web.identity import Entrance, address_of, asked_chat

HERE = Path(__file__).parent
LONGEST = 16 * 2**10
"""Bytes of a form that are read: a name, a password, a token."""
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {}"
BESIDE = {
    "login_taken": "name", "login_form": "name", "login_scripts": "name",
    "wrong": "password", "short_password": "password", "long_password": "password",
}  # fmt: skip
"""Reasons that are about what was typed into a field."""
Way = Callable[[Request, dict[str, str]], Awaitable[Entered]]


@dataclass(frozen=True)
class Told:
    """What a page says besides its form: what went wrong, and the name that was typed."""

    problem: str = ""
    beside: str = ""
    name: str = ""
    status: int = 200
    wait: int | None = None


class Entering:
    """/login, /signup, /logout and /enter."""

    def __init__(self, entrance: Entrance) -> None:
        self.entrance, self.studio, self.locale = entrance, entrance.studio, entrance.locale
        self.settings = entrance.settings
        self._root = self.settings.root_path
        self._open = self.settings.door.signup and self.settings.mode == "login"
        self._page = Template((HERE / "entering.html").read_text(encoding="utf-8"))
        self._policy = POLICY.format(framers(self.settings))

    def routes(self) -> list[Route]:
        """Pages, and the two files that they share."""
        files = [Route(f"/enter/{name}", self._beside(name)) for name in ("entering.css", "entering.js")]
        both = ["GET", "POST"]
        pages = [Route("/login", self.login, methods=both), Route("/signup", self.signup, methods=both)]
        return [*files, *pages, Route("/logout", self.logout, methods=both), Route("/enter", self.enter, methods=both)]

    def _beside(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def file(request: Request) -> Response:
            return FileResponse(HERE / name, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})

        return file

    async def login(self, request: Request) -> Response:
        """By name and password."""
        if self._inside(request):
            return self.home(request)
        if request.method == "GET":
            return self.shown(request)
        return await self._through(request, self._by_password, self.shown)

    async def signup(self, request: Request) -> Response:
        """A new account, where people can make them for themselves."""
        if self._inside(request):
            return self.home(request)
        if not self._open:
            return self._refused(request, NotKnown("closed"), self.shown, {})
        if request.method == "GET":
            return self._signup(request)
        return await self._through(request, self._by_account, self._signup)

    async def enter(self, request: Request) -> Response:
        """By the owner's link: its page says the token to us, the address never has it."""
        if self.settings.mode == "local":
            return self.home(request)
        if request.method == "GET":
            return self._enter(request)
        return await self._through(request, self._by_link, self._enter)

    async def logout(self, request: Request) -> Response:
        """Forget this browser."""
        if request.method != "POST":  # Answered here, for Gradio has a GET of that name, which a foreign page could lead to.
            return Response(status_code=405, headers={"Allow": "POST"})
        visitor: Visitor | None = request.state.visitor
        if visitor is not None and visitor.session is not None:
            try:
                await self.studio.log_out(visitor)
            except NotFound:
                pass  # Ended already, in another tab.
            except ImageChatError as fault:  # A browser that forgot its cookie could not end its session any more.
                return self.entrance.refusal(fault)
        cookies = await self.entrance.cookies()
        to = "/login" if self.settings.mode == "login" else "/"
        answer = RedirectResponse(f"{self._root}{to}", 303, {"Cache-Control": "no-store"})
        answer.headers.append("Set-Cookie", cookies.dropping(request.scope["scheme"]))
        return answer

    def home(self, request: Request) -> Response:
        """To the page, and there to the chat that was asked for."""
        return RedirectResponse(f"{self._root}/{asked_chat(request.scope)}", 303, {"Cache-Control": "no-store"})

    async def inside(self, request: Request, entered: Entered) -> Response:
        """To the page, as who came in; who this browser was before has no session any more."""
        before: Visitor | None = request.state.visitor or request.state.guest
        if before is not None and before.session is not None:
            with suppress(ImageChatError):
                await self.studio.end_session(before, before.session)
        answer, cookies = self.home(request), await self.entrance.cookies()
        answer.headers.append("Set-Cookie", cookies.keeping(entered.token, request.scope["scheme"]))
        guest: Visitor | None = request.state.guest
        if guest is not None and guest.id != entered.visitor.id:
            answer.headers.append("Set-Cookie", cookies.coming(guest.id, entered.visitor.id, request.scope["scheme"]))
        if entered.device:
            answer.headers.append("Set-Cookie", cookies.marking(entered.device, request.scope["scheme"]))
        return answer

    def _inside(self, request: Request) -> bool:
        visitor: Visitor | None = request.state.visitor
        return visitor is not None and visitor.role is not Role.GUEST

    async def _through(self, request: Request, way: Way, again: Callable[[Request, Told], Response]) -> Response:
        """Come in this way, or see the form once more, with what was wrong and what was typed, but the password."""
        given: dict[str, str] = {}
        try:
            given = await _form(request)
            return await self.inside(request, await way(request, given))
        except ImageChatError as fault:
            return self._refused(request, fault, again, given)

    def _refused(
        self, request: Request, fault: ImageChatError, again: Callable[[Request, Told], Response], given: dict[str, str]
    ) -> Response:
        words, wait = self.locale.error(fault.code, fault.reason, fault.facts), fault.facts.get("seconds")
        seconds = wait if isinstance(wait, int) else None
        return again(request, Told(words, BESIDE.get(fault.reason, ""), given.get("name", "")[:200], fault.status, seconds))

    async def _by_password(self, request: Request, given: dict[str, str]) -> Entered:
        name, password = given.get("name", ""), given.get("password", "")
        device = (await self.entrance.cookies()).device(request.headers)
        return await self.studio.log_in(address_of(request), name, password, _agent(request), guest=request.state.guest, device=device)

    async def _by_account(self, request: Request, given: dict[str, str]) -> Entered:
        name, password = given.get("name", ""), given.get("password", "")
        return await self.studio.sign_up(address_of(request), name, password, _agent(request), guest=request.state.guest)

    async def _by_link(self, request: Request, given: dict[str, str]) -> Entered:
        return await self.studio.use_link(address_of(request), given.get("token", ""), _agent(request), guest=request.state.guest)

    # The pages

    def shown(self, request: Request, told: Told | None = None) -> Response:
        """The login page."""
        told, say, chat = told or Told(), self._say, asked_chat(request.scope)
        ways = []
        if self.settings.oauth_client_id:
            frame = "target='_blank' rel='noopener'" if self.settings.space_id else ""
            ways.append(f"<a class='button quiet elsewhere' href='{self._root}/login/huggingface{chat}' {frame}>{say('huggingface')}</a>")
        if self._open:
            ways.append(f"<p>{say('no_account')} <a href='{self._root}/signup{chat}'>{say('signup')}</a></p>")
        ways.append(f"<p><small>{say('forgotten')}</small></p>")
        if self.settings.mode == "guests":
            ways.append(f"<p><a href='{self._root}/{chat}'>{say('as_guest')}</a></p>")
        form = self._form(f"login{chat}", told, "current-password")
        return self._told("login", f"{self._what()}{form}<div class='ways'>{''.join(ways)}</div>", told)

    def _signup(self, request: Request, told: Told | None = None) -> Response:
        told, say, chat = told or Told(), self._say, asked_chat(request.scope)
        ways = f"<div class='ways'><p>{say('have_account')} <a href='{self._root}/login{chat}'>{say('login')}</a></p></div>"
        return self._told("signup", self._what() + self._form(f"signup{chat}", told, "new-password") + ways, told)

    def _what(self) -> str:
        return f"<p class='text what'>{self._say('what')}</p>"

    def _enter(self, request: Request, told: Told | None = None) -> Response:
        say = self._say
        if told:
            return self._told("enter", f"<div class='ways'><p><a href='{self._root}/'>{say('to_page')}</a></p></div>", told)
        form = f"<form id='link' method='post' action='{self._root}/enter'><input type='hidden' name='token'></form>"
        text = f"<p class='text' id='opening'>{say('opening')}</p><p class='text' id='none' hidden>{say('no_token')}</p>"
        return self._told("enter", f"{text}<noscript><p>{say('no_script')}</p></noscript>{form}", Told())

    def _form(self, to: str, told: Told, kind: str) -> str:
        """Name, password, one button that sends them to the address `to`. The focus is where something is to be typed next."""
        wrong = told.beside if told.problem else ""
        first = wrong == "name" or not told.name
        mark = {each: " aria-invalid='true' aria-describedby='problem'" if wrong == each else "" for each in ("name", "password")}
        focus = {"name": " autofocus" if first else "", "password": "" if first else " autofocus"}
        say, typed = self._say, escape(told.name, quote=True)
        fresh = kind == "new-password"
        hint = f"<small>{say('password_hint')}</small>" if fresh else ""
        show = f"<label class='show' hidden><input type='checkbox' id='show'>{say('show')}</label>" if fresh else ""
        return (
            f"<form method='post' action='{self._root}/{to}'>"
            f"<label>{say('name')}<input name='name' value='{typed}' required maxlength='200' dir='auto' autocomplete='username'"
            f" autocapitalize='none' spellcheck='false'{mark['name']}{focus['name']}></label>"
            f"<label>{say('password')}{hint}<input type='password' name='password' required maxlength='1000' autocomplete='{kind}'"
            f"{mark['password']}{focus['password']}></label>{show}"
            f"<button class='button'>{say('signup' if fresh else 'login')}</button></form>"
        )

    def _told(self, title: str, content: str, told: Told) -> Response:
        problem = f"<p class='problem' id='problem' role='alert'>{escape(told.problem)}</p>" if told.problem else ""
        locale, facts = self.locale, {"title": self._say(title), "content": content, "problem": problem, "root": self._root}
        html = self._page.substitute(lang=locale.code, dir=locale.direction, **facts)
        headers = {"Content-Security-Policy": self._policy, "Cache-Control": "no-store"}
        if told.wait is not None:
            headers["Retry-After"] = str(told.wait)
        return HTMLResponse(html, told.status, headers)

    def _say(self, key: str) -> str:
        return escape(self.locale.say(f"entering.{key}"), quote=True)

    def refused(self, request: Request, fault: ImageChatError) -> Response:
        """The login page with what went wrong on another way in."""
        return self._refused(request, fault, self.shown, {})


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


async def _form(request: Request) -> dict[str, str]:
    """A form's fields, the last of each name. Raises: BadInput for what is no form, or a long one."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise BadInput("bad_request", why="form")
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                raise BadInput("bad_request", why="form")
    except ClientDisconnect as gone:
        raise BadInput("bad_request", why="form") from gone
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
    return {name: values[-1] for name, values in fields.items()}
