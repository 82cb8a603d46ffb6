// For those who look after others. Whoever is none gets no answer from the server, and sees nothing of this.
const ic = window.imagechat;
const { el, say } = ic;
const part = (name) => element.querySelector(name);
const [persons, budgets, reports, log] = [".persons", ".budgets", ".reports", ".log"].map(part);
const CAPS = ["day", "month", "pictures_day", "pictures_month"];
let people = [], typed = 0, older = null, began = 0, owner = false;

const when = (text) => new Intl.DateTimeFormat(ic.given.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
const button = (words, deed, kind = "") => {
  const node = el("button", { type: "button", class: `deed ${kind}`, text: words, onclick: () => ic.once(node, deed) });
  return node;
};
const head = (section, names) => section.querySelector("thead").replaceChildren(el("tr", {}, ...names.map((name) => el("th", { scope: "col", text: name && say(`people.${name}`) }))));
for (const [section, name] of [[persons, "people"], [budgets, "budgets"], [reports, "reports"], [log, "log"]]) section.querySelector("h2").textContent = say(`people.${name}`);
budgets.querySelector(".quiet").textContent = say("people.budgets_text");
log.querySelector(".quiet").textContent = say("people.log_text");
const find = part(".find");
find.placeholder = say("people.find");
find.setAttribute("aria-label", say("people.find"));
find.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(readPeople, 200); });
const more = log.querySelector(".more");
more.textContent = say("people.more");
more.onclick = () => ic.once(more, () => readLog(older));

/** Everything anew; what comes twice at once (the tab was opened, and this was drawn for it) is read once. */
async function read() {
  if (Date.now() - began < 1000) return;
  began = Date.now();
  if (!(await readPeople())) return;
  await Promise.all([readBudgets(), readReports(), readLog(null)]);
}
async function readPeople() {
  const search = find.value, got = await ic.call(server.fetch_people, search);
  if (search !== find.value) return true;  // Something else was typed meanwhile, whose answer comes too.
  for (const section of [persons, budgets, reports, log]) section.hidden = !got?.admin;
  if (!got?.admin) return false;
  [people, owner] = [got.people, got.owner];
  head(persons, ["name", "role", "group", "made", "seen", ""]);
  persons.querySelector("tbody").replaceChildren(...people.map(personRow));
  return true;
}
function personRow(person) {
  const change = async (group, disabled, role) => {
    const got = await ic.call(server.set_person, person.id, group, disabled, role);
    if (got) ic.toast(say("people.changed", { name: person.name }));
    await readPeople();
    return got;
  };
  const choice = (names, now, label, words, chosen) => {
    const node = el("select", { "aria-label": say(label, { name: person.name }) }, ...names.map((name) => el("option", { value: name, text: words(name), selected: now === name })));
    node.onchange = () => chosen(node.value);
    return node;
  };
  const free = !person.me && person.role !== "owner" && (owner || person.role !== "admin");
  const group = free && person.account ? choice(["guest", "member", "trusted"], person.group, "people.group_of", (each) => say(`people.groups.${each}`), (name) => change(name, null, null)) : say(`people.groups.${person.group}`);
  const role = free && person.account && owner ? choice(["member", "admin"], person.role, "people.role_of", (each) => say(`people.roles.${each}`), (name) => change(null, null, name)) : say(`people.roles.${person.role}`);
  const cell = (...inside) => el("td", {}, ...inside);
  return el("tr", { class: person.disabled ? "off" : "", "data-person": person.id },
    el("th", { scope: "row" }, el("bdi", { text: person.name })), cell(role), cell(group), cell(String(person.made)), cell(when(person.seen)),
    cell(...(free ? [button(say(person.disabled ? "people.enable" : "people.disable"), () => change(null, !person.disabled, null), person.disabled ? "" : "grave")] : [])));
}

async function readBudgets() {
  const got = await ic.call(server.fetch_budgets);
  if (!got) return;
  head(budgets, ["scope", ...CAPS, ""]);
  const known = new Set(got.budgets.map((each) => each.scope));
  const others = people.filter((each) => !known.has(`visitor:${each.id}`) && each.role !== "owner");
  budgets.querySelector("tbody").replaceChildren(...got.budgets.map(budgetRow), ...(others.length ? [another(others, got.budgets.find((each) => each.scope === "visitor:"))] : []));
}
function scopeName(scope) {
  const [kind, of] = scope.split(":");
  if (kind === "visitor" && of) return people.find((each) => each.id === of)?.name ?? `…${of.slice(-6)}`;
  return say(`people.scopes.${kind === "group" ? of : kind}`);
}
function budgetRow(budget) {
  const name = scopeName(budget.scope), fixed = budget.scope === "visitor:";
  const fields = CAPS.map((cap) => el("input", { type: "text", inputmode: "decimal", value: budget[cap], placeholder: "∞", "aria-label": `${name}: ${say(`people.${cap}`)}`, "data-cap": cap, disabled: fixed, title: fixed ? say("people.from_settings") : null }));
  const save = async (caps) => {
    const got = await ic.call(server.set_budget, budget.scope, caps);
    if (got) { ic.toast(say("people.saved", { name })); await readBudgets(); }
    return got;
  };
  const row = el("tr", { "data-scope": budget.scope }, el("th", { scope: "row" }, el("bdi", { text: name })), ...fields.map((field) => el("td", {}, field)), el("td", {},
    fixed ? "" : button(say("people.save"), () => save(Object.fromEntries(CAPS.map((cap, index) => [cap, fields[index].value])))), " ",
    budget.set ? button(say("people.usual"), () => save(null)) : ""));
  return row;
}
/** A budget of one's own begins as everybody's, whose place it takes: what is not changed still holds. */
function another(others, usual) {
  const chosen = el("select", { "aria-label": say("people.own_budget") }, el("option", { value: "", text: say("people.own_budget") }), ...others.map((each) => el("option", { value: each.id, text: each.name })));
  const row = el("tr", {}, el("td", { colspan: 6 }, chosen));
  chosen.onchange = () => chosen.value && row.replaceWith(budgetRow({ ...usual, scope: `visitor:${chosen.value}`, set: false }));
  return row;
}

async function readReports() {
  const got = await ic.call(server.fetch_reports);
  if (!got) return;
  const rows = got.reports.map((report) => {
    const deed = (words, verdict, kind) => button(words, async () => {
      const done = await ic.call(server.decide, report.id, verdict);
      if (done) await readReports();
      return done;
    }, kind);
    const what = el("div", { class: "what" }, el("p", { text: report.reason, dir: "auto" }), el("p", { class: "quiet" }, el("bdi", { text: report.prompt }), " · ", el("bdi", { text: report.model }), " · ", el("bdi", { text: when(report.created) })),
      report.verdict ? el("p", { class: "verdict", text: say(`people.verdicts.${report.verdict}`) })
        : el("div", { class: "deeds" }, deed(say("people.keep"), "kept"), deed(say("people.remove"), "removed", "grave")));
    return el("li", {}, el("img", { src: report.thumb, alt: report.prompt, loading: "lazy" }), what);
  });
  reports.querySelector("ul").replaceChildren(...(rows.length ? rows : [el("p", { class: "quiet", text: say("people.no_reports") })]));
}

async function readLog(before) {
  const got = await ic.call(server.fetch_log, before);
  if (!got) return null;
  older = got.older;
  more.hidden = !older;
  const name = (id) => people.find((each) => each.id === id)?.name ?? (id || say("people.somebody"));
  const rows = got.lines.map((line) => el("li", {}, el("time", { datetime: line.at, text: when(line.at) }),
    el("span", {}, el("bdi", { text: name(line.actor) }), ` ${line.did}`), el("small", {}, el("bdi", { text: [line.subject && name(line.subject), line.facts].filter(Boolean).join(" · ") }))));
  const list = log.querySelector("ol");
  if (before) list.append(...rows); else list.replaceChildren(...rows);
  return got;
}

ic.join("people", { server, read });
if (element.offsetParent) read();
