// Who somebody is, their keys, their browsers, and all their data at once. A key that was typed leaves this page once and never comes back.
const ic = window.imagechat;
const { el, say, when, button } = ic;
const part = (name) => element.querySelector(name);
const [you, keys, password, browsers, data] = [".you", ".keys", ".password", ".browsers", ".data"].map(part);
let had = null, reads = 0;

for (const [section, name] of [[you, "you"], [keys, "keys"], [password, "password"], [browsers, "browsers"], [data, "data"]]) section.querySelector("h2").textContent = say(`mine.${name}`);
password.querySelector(".quiet").textContent = say("mine.password_text");
browsers.querySelector(".quiet").textContent = say("mine.browsers_text");
data.querySelector(".quiet").textContent = say("mine.data_text");

async function read() {
  const token = ++reads, got = await ic.call(server.fetch_mine);
  if (!got || token !== reads) return;
  had = got;
  drawYou();
  drawKeys();
  drawPassword();
  drawBrowsers();
  drawData();
}

const opened = ic.shared(read);

function drawYou() {
  you.querySelector(".who").textContent = had.who;
  const deeds = [];
  if (had.mode !== "local" && !had.account && !had.owner) deeds.push(el("a", { class: `deed${had.mode === "login" ? " main" : ""}`, href: "login", text: say("mine.log_in") }));
  if (had.mode !== "local" && had.owner) deeds.push(button(say("mine.make_link"), link));
  if (had.known && (had.account || had.owner)) {
    deeds.push(el("form", { method: "post", action: "logout", style: "margin:0", onsubmit: leave }, el("button", { class: "deed", type: "submit", text: say("mine.log_out") })));
  }
  you.querySelector(".deeds").replaceChildren(...deeds);
}
/** What was typed and not sent goes, and Back shows nothing of this page: the next one at this machine may be somebody else. */
function leave() {
  addEventListener("pagehide", () => { ic.forget(); document.body.hidden = true; });
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
async function link() {
  const got = await ic.call(server.make_link);
  if (!got) return null;
  const address = new URL(got.path, document.baseURI).href, shelf = you.querySelector(".link");
  shelf.hidden = false;
  shelf.replaceChildren(say("mine.link_text"), el("code", { text: address }));
  return got;
}

function drawKeys() {
  const kept = new Map(had.keys.map((each) => [each.provider, each]));
  keys.hidden = !had.providers.length;
  keys.querySelector(".quiet").textContent = say("mine.keys_text");
  keys.querySelector("ul").replaceChildren(...had.providers.filter((each) => kept.has(each.id)).map((each) => keyRow(each, kept.get(each.id))));
  keyForm();
}
function keyRow(provider, key) {
  const told = key.tested ? say("mine.key_tested", { when: when(key.tested) }) : say("mine.key_untested");
  return el("li", { "data-provider": provider.id },
    el("div", { class: "what" }, el("b", { text: provider.label }), el("small", { text: say("mine.key_since", { when: when(key.created) }) + " " + told }),
      key.trouble ? el("small", { class: "trouble", text: key.trouble }) : null),
    button(say("mine.key_test"), async () => {
      const got = await ic.call(server.test_key, provider.id);
      if (got) { ic.toast(got.trouble || say("mine.key_works"), { kind: got.trouble ? "problem" : "note" }); await read(); }
      return got;
    }),
    button(say("mine.key_remove"), async () => {
      const got = await ic.call(server.drop_key, provider.id);
      if (got) { ic.toast(say("mine.key_removed")); await changed(); }
      return got;
    }));
}
function keyForm() {
  const form = keys.querySelector("form");
  if (form.contains(document.activeElement)) return;
  const chosen = el("select", { name: "provider" }, ...had.providers.map((each) => el("option", { value: each.id, text: each.label })));
  const field = el("input", { type: "password", name: "key", autocomplete: "off", spellcheck: "false", maxlength: 500, placeholder: say("mine.key_hint"), dir: "ltr" });
  const one = had.providers.length === 1;
  const provider = one ? null : el("label", { class: "short" }, say("mine.key_provider"), chosen);
  const send = el("button", { type: "submit", class: "deed main", text: say("mine.key_add") });
  form.replaceChildren(...[provider, el("label", {}, one ? say("mine.key_of", { provider: had.providers[0].label }) : say("mine.key"), field), send].filter(Boolean));
  let testing = false;  // Not once for a press, as buttons do: whoever mends a key sends it again at once.
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (!field.value.trim() || testing) return field.focus();
    testing = true;
    send.textContent = say("mine.key_testing");
    try {
      if (!(await ic.call(server.keep_key, chosen.value, field.value.trim()))) return undefined;
      field.value = "";
      field.blur();
      ic.toast(say("mine.key_kept"));
      return await changed();
    } finally {
      testing = false;
      send.textContent = say("mine.key_add");
    }
  };
}
/** Other models are there now: the composer follows. */
async function changed() {
  await read();
  (await ic.part("conversation")).follow();
}

function drawPassword() {
  password.hidden = had.mode === "local" || !had.login;
  const form = password.querySelector("form"), deeds = password.querySelector(".deeds");
  if (password.hidden || form.childElementCount) return;
  deeds.replaceChildren(button(say("mine.password_change"), async () => { shown(true); return true; }));
  const fields = ["present", "fresh", "again"].map((name) => el("input", {
    type: "password", name, required: true, maxlength: 1000, dir: "auto", autocomplete: name === "present" ? "current-password" : "new-password",
  }));
  const [present, fresh, again] = fields, told = el("p", { class: "trouble", id: "password-trouble", role: "alert", hidden: true });
  const label = (field) => el("label", {}, say(`mine.password_${field.name}`), field === fresh ? el("small", { text: say("mine.password_hint") }) : "", field);
  const visible = el("input", { type: "checkbox", onchange: () => look(visible.checked) });
  const send = el("button", { type: "submit", class: "deed main", text: say("mine.password_send") });
  const look = (open) => { for (const field of fields) field.type = open ? "text" : "password"; };
  const wrong = (text, reason) => {
    told.hidden = !text;
    told.textContent = text;
    const field = { present_password: present, passwords_differ: again, short_password: fresh, long_password: fresh }[reason];
    for (const [mark, value] of [["aria-invalid", "true"], ["aria-describedby", told.id]])
      for (const each of fields) if (each === field) each.setAttribute(mark, value); else each.removeAttribute(mark);
    field?.focus();
    field?.select();
  };
  const shown = (open) => {
    form.hidden = !open;
    deeds.hidden = open;
    for (const field of fields) field.value = "";
    look(visible.checked = false);
    wrong("");
    (open ? present : deeds.querySelector("button")).focus();
  };
  // Whoever keeps passwords in the browser finds under which name this one belongs.
  const name = el("input", { type: "text", name: "username", autocomplete: "username", value: had.login, hidden: true, readonly: true, tabindex: -1 });
  form.replaceChildren(name, ...fields.map(label), el("label", { class: "show" }, visible, say("mine.password_show")), told,
    el("div", { class: "deeds" }, send, button(say("mine.password_keep"), async () => { shown(false); return true; })));
  let sending = false;
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = send.ariaDisabled = "true";
    look(visible.checked = false);  // Browsers keep what is typed into plain fields.
    wrong("");
    try {
      const got = await ic.call(async () => {
        const { error } = await server.change_password(...fields.map((field) => field.value));
        if (error) wrong(error.text, error.reason);
        return { refused: Boolean(error) };
      });
      if (!got || got.refused) return;
      shown(false);
      ic.toast(say("mine.password_changed"));
      await read();
    } finally { sending = false; send.ariaDisabled = null; }
  };
}

function drawBrowsers() {
  browsers.hidden = had.mode === "local" || !had.sessions.length;
  browsers.querySelector("ul").replaceChildren(...had.sessions.map((each) =>
    el("li", { "data-session": each.id },
      el("div", { class: "what" }, el("span", { text: each.agent || say("mine.unknown_browser"), dir: "auto" }), el("small", { text: say("mine.seen", { when: when(each.seen) }) })),
      each.here ? el("span", { class: "badge", text: say("mine.this_one") }) : button(say("mine.end"), async () => {
        const got = await ic.call(server.end_session, each.id);
        if (got) { ic.toast(say("mine.ended")); await read(); }
        return got;
      }))));
}

function drawData() {
  const form = data.querySelector("form");
  const open = button(say("mine.delete"), async () => { form.hidden = false; form.querySelector("input").focus(); return true; }, "grave");
  data.querySelector(".deeds").replaceChildren(el("a", { class: "deed", href: "account/export", download: "", text: say("mine.export") }), open);
  if (form.childElementCount) return;
  const word = el("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  const send = el("button", { type: "submit", class: "deed grave", text: say("mine.delete_now") });
  form.replaceChildren(el("label", {}, say("mine.delete_word", { word: say("mine.word") }), word), send,
    button(say("mine.keep"), async () => { form.hidden = true; word.value = ""; return true; }));
  form.onsubmit = (event) => {
    event.preventDefault();
    return ic.once(send, async () => {
      const got = await ic.call(server.delete_everything, word.value);
      if (!got) return null;
      for (const store of ["localStorage", "sessionStorage"]) for (const name of ic.keys(store)) ic.remember(store, name, null);
      if (!ic.given.login) ic.remember("sessionStorage", "imagechat.told", got.text);
      location.assign(document.baseURI);
      return got;
    });
  };
}

ic.join("mine", { server, read: opened });
if (element.offsetParent) opened();
