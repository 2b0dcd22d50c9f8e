
/* Sorts a listing by the column whose name is clicked, and shows the rows that have all words in the field above it. A word such as T=4
   is the whole value of a column. Without this script a listing is a table like the others. */
document.querySelectorAll('.listing').forEach(function (listing) {
  var body = listing.querySelector('tbody');
  var heads = Array.from(listing.querySelectorAll('thead th'));
  var names = heads.map(function (head) { return head.textContent.toLowerCase(); });
  var rows = Array.from(body.rows);
  var texts = new Map(rows.map(function (row) {
    var cells = Array.from(row.cells).map(function (cell) { return cell.textContent.toLowerCase(); });
    var values = cells.map(function (text, column) { return names[column] + '=' + text; });
    return [row, ' ' + cells.concat(values).join(' ') + ' '];
  }));

  var label = document.createElement('label');
  var field = document.createElement('input');
  var count = document.createElement('output');
  field.type = 'search';
  field.placeholder = 'q5 T=4 seed=1';
  label.className = 'find';
  label.append('Only rows with ', field, count);
  listing.prepend(label);

  function find() {
    var words = field.value.toLowerCase().split(' ');
    var shown = 0;
    rows.forEach(function (row) {
      row.hidden = !words.every(function (word) {
        return texts.get(row).includes(word.includes('=') ? ' ' + word + ' ' : word);
      });
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = shown + ' of ' + rows.length;
  }

  function key(row, column) {
    var cell = row.cells[column];
    return cell.className === 'number' ? Number(cell.textContent) : cell.textContent;
  }

  function compare(a, b) {
    if (typeof a !== typeof b) {
      return typeof a === 'string' ? -1 : 1;
    }
    return typeof a === 'string' ? a.localeCompare(b) : a - b;
  }

  heads.forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', function () {
      var sign = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', sign === 1 ? 'ascending' : 'descending');
      rows.sort(function (a, b) { return sign * compare(key(a, column), key(b, column)); });
      body.append.apply(body, rows);
    });
  });

  field.addEventListener('input', find);
  find();
});

/* A link opens the folds that its end lies in; printed, all are open. */
(function () {
  function open() {
    var end = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = end ? end.closest('details') : null;
    if (!fold) {
      return;
    }
    for (var outer = fold; outer; outer = outer.parentElement.closest('details')) {
      outer.open = true;
    }
    end.scrollIntoView();
  }

  var closed = [];
  addEventListener('hashchange', open);
  addEventListener('beforeprint', function () {
    closed = Array.from(document.querySelectorAll('details:not([open])'));
    closed.forEach(function (fold) { fold.open = true; });
  });
  addEventListener('afterprint', function () {
    closed.forEach(function (fold) { fold.open = false; });
  });
  open();
})();
