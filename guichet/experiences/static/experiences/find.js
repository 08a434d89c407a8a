// Comfort only: towns, and the services of a name, proposed while somebody types. Without this file
// « Chercher » finds the same.
(function () {
  "use strict";
  var PAUSE_MS = 450;
  var SHORTEST_NAME = 3;
  var SHORTEST_TOWN = 2;
  var TOWNS = "/api/v1/communes?limit=6&q=";
  var form = document.getElementById("chercher");
  if (!form || !window.fetch || !window.FormData || !window.URLSearchParams) return;

  function afterPause(act) {
    var waiting = 0;
    return function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(act, PAUSE_MS);
    };
  }

  // Only the last question counts: an earlier answer may come after it.
  function asker(read, show) {
    var asked = 0;
    return function (address) {
      var mine = ++asked;
      fetch(address)
        .then(function (answer) {
          return answer.ok ? answer[read]() : null;
        })
        .then(function (found) {
          if (found !== null && mine === asked) show(found);
        })
        .catch(function () {});
    };
  }

  function proposeTowns(field) {
    var list = document.createElement("datalist");
    list.id = "villes";
    field.insertAdjacentElement("afterend", list);
    field.setAttribute("list", list.id);
    var ask = asker("json", function (found) {
      list.textContent = "";
      found.items.forEach(function (town) {
        var option = document.createElement("option");
        option.value = town.name + " (" + town.departement + ")";
        list.appendChild(option);
      });
    });
    field.addEventListener(
      "input",
      afterPause(function () {
        var typed = field.value.trim();
        if (typed.length >= SHORTEST_TOWN) ask(TOWNS + encodeURIComponent(typed));
      })
    );
  }

  function proposePlaces(status) {
    var page = form.action.split("#")[0];
    var ask = asker("text", function (found) {
      document.getElementById("trouve").outerHTML = found;
      var count = document.querySelectorAll("#trouve button[name=service]").length;
      status.textContent = !count
        ? "Rien pour l'instant."
        : count + (count > 1 ? " services proposés" : " service proposé") + " ci-dessous.";
    });
    form.addEventListener(
      "input",
      afterPause(function () {
        if (form.elements.quoi.value.trim().length < SHORTEST_NAME) return;
        var asked = new URLSearchParams(new FormData(form));
        asked.set("morceau", "trouve");
        ask(page + "?" + asked);
      })
    );
  }

  proposeTowns(form.elements.ou);
  var status = document.getElementById("propose");
  if (status) proposePlaces(status);
})();
