// What an agent wrote is found again when it could not be sent: session over, form expired.
// The long texts of a form are kept in this tab while it is sent, dropped by the next page of the
// agents' space, and put back only if a page that refuses came between.
(function () {
  "use strict";
  var KEY = "guichet-texte";
  var script = document.currentScript;

  function kept() {
    try {
      return JSON.parse(window.sessionStorage.getItem(KEY));
    } catch (unreadable) {
      return null;
    }
  }

  function keep(texts) {
    try {
      if (texts) window.sessionStorage.setItem(KEY, JSON.stringify(texts));
      else window.sessionStorage.removeItem(KEY);
    } catch (full) {
      // Private windows may refuse: the page that refuses shows the text all the same.
    }
  }

  function target(form) {
    return new URL(form.getAttribute("action") || "", window.location.href).pathname;
  }

  function areas(form) {
    return Array.prototype.filter.call(form.querySelectorAll("textarea[name]"), function (area) {
      return !area.readOnly;
    });
  }

  var last = kept();
  if (script.hasAttribute("data-ui-refused")) {
    if (last) {
      last.refused = true;
      keep(last);
    }
    return;
  }

  var person = script.getAttribute("data-ui-person");

  function putBack(form) {
    var found = areas(form).filter(function (area) {
      var text = last.texts[area.name];
      if (!text || text === area.value) return false;
      var isAsBefore = area.value === last.before[area.name];
      area.value = isAsBefore || !area.value ? text : area.value + "\n\n" + text;
      return true;
    });
    if (!found.length) return;
    var notice = document.getElementById("texte-retrouve").content.cloneNode(true);
    form.insertBefore(notice, form.firstChild);
    found[0].focus();
  }

  if (last && last.refused && last.person === person) {
    var form = Array.prototype.find.call(document.forms, function (one) {
      return areas(one).length && target(one) === last.target;
    });
    if (form) {
      keep(null);
      putBack(form);
    }
  } else if (last) keep(null);

  document.addEventListener("submit", function (event) {
    var sent = event.target;
    if (sent.getAttribute("method") !== "post") return;
    var texts = {};
    var before = {};
    areas(sent).forEach(function (area) {
      if (!area.value.trim()) return;
      texts[area.name] = area.value;
      before[area.name] = area.defaultValue;
    });
    if (!Object.keys(texts).length) return;
    keep({ person: person, target: target(sent), texts: texts, before: before });
  });
})();
