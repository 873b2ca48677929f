"""What many would serve instead: Flask and scikit-learn's decision tree, started with the CSV file.

It prints its port, and answers POST /invocations in the type of the request.
"""

import csv
import io
import logging
import sys
from pathlib import Path

import flask
import numpy as np
from sklearn.tree import DecisionTreeClassifier
from werkzeug.serving import make_server

NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]

app = flask.Flask(__name__)
model = DecisionTreeClassifier(min_samples_leaf=1, random_state=0)


def train(file):
    """Fit the tree to the example's data."""
    rows = list(csv.DictReader(io.StringIO(Path(file).read_text())))
    features = np.array([[float(row[name]) for name in NAMES] for row in rows])
    model.fit(features, [row["species"] for row in rows])


@app.post("/invocations")
def invocations():
    """Answer CSV with CSV, JSON records with JSON records."""
    if flask.request.is_json:
        records = flask.request.get_json()
        features = np.array([[record[name] for name in NAMES] for record in records])
        return flask.jsonify([{"species": species} for species in model.predict(features)])
    text = flask.request.get_data(as_text=True)
    features = np.loadtxt(io.StringIO(text), delimiter=",", skiprows=1, ndmin=2)
    lines = ["species", *model.predict(features), ""]
    return flask.Response("\n".join(lines), mimetype="text/csv")


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    train(sys.argv[1])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()
