// Before the first paint: the system's light or dark scheme, and a mark that scripts run.
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    root.setAttribute("data-fr-theme", dark.matches ? "dark" : "light");
  }
  root.setAttribute("data-ui-js", "");
  follow();
  if (dark.addEventListener) dark.addEventListener("change", follow);
})();
