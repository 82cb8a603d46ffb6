// The places of a job's pictures: a preview that sharpens, the finished picture with its actions, or why there is none.
(() => {
  const ic = window.imagechat;
  const { el, say } = ic;

  ic.places = {
    /** Bring one place of a reply up to date; what stands there as it should is not touched. */
    draw(card, job, place, index, talk) {
      const cell = (card.places[index] ??= begin(card));
      const picture = place.generation ? talk.pictures.get(place.generation) : null;
      const state = picture ? `done ${picture.trashed} ${picture.alt}` : `${place.status} ${job.final} ${place.error?.text ?? ""}`;
      if (!picture && place.preview && cell.preview !== place.preview) preview(cell, place.preview);
      if (cell.state === state) return;
      cell.state = state;
      cell.node.className = `place ${picture?.trashed ? "trashed" : place.status}`;
      if (picture?.trashed) trashed(cell, picture, talk);
      else if (picture) finished(cell, picture, talk);
      else if (place.status === "failed" || (place.status === "cancelled" && job.final)) missing(cell, job, index, talk);
    },
    /** Every picture of this chat in order, the deleted ones left out. */
    all({ turns, pictures }) {
      const replies = [...turns.values()].filter((card) => card.turn.kind === "image").sort((a, b) => (a.turn.id < b.turn.id ? -1 : 1));
      return replies.flatMap((card) => card.job?.places ?? []).map((place) => pictures.get(place.generation)).filter((each) => each && !each.trashed);
    },
  };

  function begin(card) {
    const size = card.turn.size ?? [1, 1];
    const frame = el("div", { class: "frame", style: `aspect-ratio: ${size[0]} / ${size[1]}` });
    const node = el("figure", { class: "place", style: `--ratio: ${size[0] / size[1]}` }, frame);
    card.grid.append(node);
    return { node, frame, state: null, preview: null };
  }
  function preview(cell, url) {
    cell.preview = url;
    const img = el("img", { class: "partial", alt: "", src: url });
    img.decode().then(() => {
      if (cell.preview !== url || cell.frame.querySelector("img.final")) return;
      for (const old of cell.frame.querySelectorAll("img.partial")) old.remove();
      cell.frame.prepend(img);
    }).catch(() => { /* a newer one is on its way */ });
  }
  function trashed(cell, picture, { once }) {
    cell.node.querySelector(".acts")?.remove();
    cell.frame.replaceChildren(el("div", { class: "gone" }, el("p", { text: say("chat.deleted") }),
      el("button", { type: "button", class: "button", text: say("chat.restore"), onclick: (event) => once(event, () => ic.viewer.restore(picture.id)) })));
    cell.preview = null;
  }
  function finished(cell, picture, talk) {
    cell.node.querySelector(".acts")?.remove();
    const img = el("img", { class: "final", alt: picture.alt, src: picture.url, width: picture.width, height: picture.height, dir: "auto" });
    const open = el("button", { type: "button", class: "open", "aria-label": say("chat.open_picture", { prompt: picture.prompt.slice(0, 120) }) }, img);
    /** Where the viewer's arrows go from here. */
    const items = () => ic.places.all(talk), from = { items, get at() { return Math.max(0, items().findIndex((each) => each.id === picture.id)); } };
    open.addEventListener("click", () => ic.viewer.open(from));
    img.addEventListener("load", () => { for (const old of cell.frame.querySelectorAll("img.partial")) old.remove(); });
    img.addEventListener("error", () => cell.frame.append(el("p", { class: "gone", text: say("chat.not_loaded") })), { once: true });
    cell.frame.style.aspectRatio = `${picture.width} / ${picture.height}`;
    cell.node.style.setProperty("--ratio", picture.width / picture.height);
    for (const old of cell.frame.querySelectorAll(":scope > :not(img.partial)")) old.remove();
    cell.frame.append(open);
    cell.node.append(ic.viewer.toolbar(picture, from));
  }
  function missing(cell, job, index, { server, once }) {
    const place = job.places[index], partly = job.places.some((each) => each.status === "done");
    const box = el("div", { class: "gone" }, el("p", { dir: "auto", text: place.error?.text ?? say(`errors.job.place_${place.status}`) }));
    cell.node.hidden = job.final && !partly && !cell.preview;  // Words for them all stand below.
    if (partly || !job.final) box.append(el("button", { type: "button", class: "button", text: say("chat.try_again"),
      onclick: (event) => once(event, (nonce) => ic.call(server.ask_retry, job.message, index, nonce)) }));
    cell.frame.querySelector(".gone")?.remove();
    cell.frame.append(box);
  }
})();
