// For those who look after others. Whoever is none gets no answer from the server, and sees nothing of this.
const ic = window.imagechat;
const { el, say, when, button } = ic;
const part = (name) => element.querySelector(name);
const [persons, budgets, reports, log] = [".persons", ".budgets", ".reports", ".log"].map(part);
const CAPS = ["day", "month", "pictures_day", "pictures_month"];
let people = [], reported = new Map(), usual = null, only = null, typed = 0, older = null, owner = false;

/** On a phone a row is a card: what stands in the head of the table stands before each cell, which stays a cell for who listens to it. */
const head = (section, names) => section.querySelector("thead").replaceChildren(el("tr", { role: "row" }, ...names.map((name) => el("th", { scope: "col", role: "columnheader", text: name && say(`people.${name}`) }))));
const line = (given, name, ...cells) => el("tr", { role: "row", ...given }, el("th", { scope: "row", role: "rowheader" }, el("bdi", { text: name })), ...cells);
const cell = (label, ...inside) => el("td", { role: "cell", class: label ? null : "deeds", "data-label": label ? say(`people.${label}`) : null }, ...inside);
for (const [section, name] of [[persons, "people"], [budgets, "budgets"], [reports, "reports"], [log, "log"]]) section.querySelector("h2").textContent = say(`people.${name}`);
budgets.querySelector(".quiet").textContent = say("people.budgets_text");
log.querySelector(".quiet").textContent = say("people.log_text");
const find = part(".find");
find.placeholder = say("people.find");
find.setAttribute("aria-label", say("people.find"));
find.addEventListener("input", () => { only = null; clearTimeout(typed); typed = setTimeout(readPeople, 200); });
const more = log.querySelector(".more");
more.textContent = say("people.more");
more.onclick = () => ic.once(more, () => readLog(older));

const read = ic.shared(async () => {
  if (!(await readPeople())) return;
  await Promise.all([readBudgets(), readReports(), readLog(null)]);
});
async function readPeople() {
  const asked = () => only?.id ?? find.value, search = asked(), got = await ic.call(server.fetch_people, search);
  if (search !== asked()) return true;  // Something else was typed meanwhile, whose answer comes too.
  for (const section of [persons, budgets, reports, log]) section.hidden = !got?.admin;
  if (!got?.admin) return false;
  [people, owner] = [got.people, got.owner];
  head(persons, ["name", "role", "group", "made", "seen", ""]);
  drawPeople();
  return true;
}
function drawPeople() {
  const note = part(".only");
  note.hidden = !only;
  note.replaceChildren(...(only ? [say("people.only", { name: only.name }), " ", button(say("people.everybody"), () => { only = null; return readPeople(); })] : []));
  persons.querySelector("tbody").replaceChildren(...people.map(personRow));
}
/** Somebody by themselves in the list, with all that can be done about them. */
async function open(person) {
  only = person;
  find.value = "";
  const got = await readPeople();
  goTo(persons.querySelector(`[data-person="${person.id}"]`), ".deeds button");
  return got;
}
function goTo(node, first) {
  node?.scrollIntoView({ block: "center" });
  node?.querySelector(first)?.focus({ preventScroll: true });
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
  const deeds = [], reports = reported.get(person.id);
  if (person.role !== "owner") deeds.push(button(say("people.budget_of"), () => openBudget(person)));
  if (reports) deeds.push(button(say("people.reports_of", { count: reports }), () => { goTo(part(`[data-owner="${person.id}"]`), "button"); return true; }));
  if (free) deeds.push(button(say(person.disabled ? "people.enable" : "people.disable"), () => change(null, !person.disabled, null), person.disabled ? "" : "grave"));
  return line({ class: person.disabled ? "off" : "", "data-person": person.id }, person.name,
    cell("role", role), cell("group", group), cell("made", ic.number(person.made)), cell("seen", when(person.seen)), cell("", ...deeds));
}

async function readBudgets() {
  const got = await ic.call(server.fetch_budgets);
  if (!got) return;
  head(budgets, ["scope", ...CAPS, ""]);
  const known = new Set(got.budgets.map((each) => each.scope));
  const others = people.filter((each) => !known.has(`visitor:${each.id}`) && each.role !== "owner");
  usual = got.budgets.find((each) => each.scope === "visitor:");
  budgets.querySelector("tbody").replaceChildren(...got.budgets.map(budgetRow), ...(others.length ? [another(others)] : []));
}
/** A budget of one's own begins as everybody's, whose place it takes: what is not changed still holds. */
const fresh = (person) => budgetRow({ ...usual, scope: `visitor:${person.id}`, name: person.name, set: false });
function openBudget(person) {
  const rows = budgets.querySelector("tbody"), scope = `visitor:${person.id}`;
  if (usual && !rows.querySelector(`[data-scope="${scope}"]`)) rows.insertBefore(fresh(person), rows.querySelector(".another"));
  goTo(rows.querySelector(`[data-scope="${scope}"]`), "input");
  return true;
}
function budgetRow(budget) {
  const { name } = budget, fixed = budget.scope === "visitor:";
  const fields = CAPS.map((cap) => el("input", { type: "text", inputmode: "decimal", value: budget[cap], placeholder: "∞", "aria-label": `${name}: ${say(`people.${cap}`)}`, "data-cap": cap, disabled: fixed, title: fixed ? say("people.from_settings") : null }));
  const save = async (caps) => {
    const got = await ic.call(server.set_budget, budget.scope, caps);
    if (got) { ic.toast(say("people.saved", { name })); await readBudgets(); }
    return got;
  };
  const deeds = fixed ? [] : [button(say("people.save"), () => save(Object.fromEntries(CAPS.map((cap, index) => [cap, fields[index].value]))))];
  if (budget.set) deeds.push(button(say("people.usual"), () => save(null)));
  return line({ "data-scope": budget.scope }, name, ...fields.map((field, index) => cell(CAPS[index], field)), cell("", ...deeds));
}
function another(others) {
  const chosen = el("select", { "aria-label": say("people.own_budget") }, el("option", { value: "", text: say("people.own_budget") }), ...others.map((each) => el("option", { value: each.id, text: each.name })));
  const row = el("tr", { role: "row", class: "another" }, el("td", { colspan: 6, role: "cell" }, chosen));
  chosen.onchange = () => chosen.value && row.replaceWith(fresh(others.find((each) => each.id === chosen.value)));
  return row;
}

async function readReports() {
  const got = await ic.call(server.fetch_reports);
  if (!got) return;
  reported = new Map();
  for (const { owner: whose } of got.reports) if (whose) reported.set(whose.id, (reported.get(whose.id) ?? 0) + 1);
  drawPeople();
  const rows = got.reports.map((report) => {
    const deed = (words, verdict, kind) => button(words, async () => {
      const done = await ic.call(server.decide, report.id, verdict);
      if (done) await readReports();
      return done;
    }, kind);
    const what = el("div", { class: "what" }, el("p", {}, el("bdi", { text: report.reason })), el("p", { class: "quiet" }, el("bdi", { text: report.prompt }), " · ", el("bdi", { text: report.model }), " · ", el("bdi", { text: when(report.created) })),
      report.verdict ? el("p", { class: "verdict", text: say(`people.verdicts.${report.verdict}`) }) : null,
      report.owner ? null : el("p", { class: "quiet", text: say("people.owner_gone") }),
      el("div", { class: "deeds" }, ...(report.verdict ? [] : [deed(say("people.keep"), "kept"), deed(say("people.remove"), "removed", "grave")]),
        report.owner ? button(say("people.open", { name: report.owner.name }), () => open(report.owner), "open") : null));
    return el("li", { "data-owner": report.owner?.id }, el("img", { src: report.thumb, alt: report.prompt, loading: "lazy" }), what);
  });
  reports.querySelector("ul").replaceChildren(...(rows.length ? rows : [el("p", { class: "quiet", text: say("people.no_reports") })]));
}

async function readLog(before) {
  const got = await ic.call(server.fetch_log, before);
  if (!got) return null;
  older = got.older;
  more.hidden = !older;
  const rows = got.lines.map((each) => el("li", {}, el("time", { datetime: each.at, text: when(each.at) }),
    el("span", {}, el("bdi", { text: each.actor }), ` ${each.did}`), each.facts.length ? el("small", {}, ...each.facts.flatMap((fact) => [" · ", el("bdi", { text: fact })]).slice(1)) : null));
  const list = log.querySelector("ol");
  if (before) list.append(...rows); else list.replaceChildren(...rows);
  return got;
}

ic.join("people", { server, read });
if (element.offsetParent) read();
