// The pages of the way in: the theme that was chosen, a link's token on its way, no button pressed twice.
(() => {
  let theme = null;
  try { theme = localStorage.getItem("imagechat.theme"); } catch { /* a browser that keeps nothing has the system's */ }
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;

  // The token stands behind the #, which no server and no log sees; it leaves the address bar before it is sent.
  const link = document.getElementById("link"), token = location.hash.slice(1);
  if (link && location.hash) history.replaceState(null, "", location.pathname);
  if (link && token) {
    link.elements.token.value = token;
    link.requestSubmit();
  } else if (link) {
    document.getElementById("none").hidden = false;
    document.getElementById("opening").hidden = true;
  }

  // A new password is typed once and can be looked at.
  const show = document.getElementById("show");
  if (show) show.parentElement.hidden = false;
  show?.addEventListener("change", () => (show.form.elements.password.type = show.checked ? "text" : "password"));

  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
    if (show) show.form.elements.password.type = "password";  // Browsers keep what is typed into plain fields.
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  // Another site's page that stands in a frame cannot show a third one in there: a new tab can.
  for (const way of document.querySelectorAll("a.elsewhere")) if (window.top === window) way.removeAttribute("target");
})();
