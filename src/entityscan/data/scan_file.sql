-- Schema of the scan file, version 3; docs/archives.md explains it.

CREATE TABLE settings (              -- what decides which mentions are found in a text
  fingerprint TEXT PRIMARY KEY,
  record      TEXT NOT NULL          -- JSON: model, versions, equipment file
) WITHOUT ROWID;

CREATE TABLE runs (
  run_id  INTEGER PRIMARY KEY,
  record  TEXT                       -- JSON: the "run" part of the output; NULL when the run was cut short
);

CREATE TABLE ledger (                -- what a run skipped or read twice
  run_id   INTEGER NOT NULL REFERENCES runs,
  event    TEXT NOT NULL,            -- skipped, passed over, duplicate, near-duplicate, empty
  document TEXT NOT NULL,            -- article, or path of what is no article
  detail   TEXT NOT NULL             -- reason, or the article that it repeats
);
CREATE INDEX ledger_run ON ledger (run_id, event);

CREATE TABLE texts (                 -- each different text once, however many articles have it
  text_id     INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL UNIQUE,  -- of the text in UTF-8
  fingerprint TEXT NOT NULL DEFAULT '', -- settings that it was tagged with; empty until it is tagged
  run_id      INTEGER NOT NULL,      -- run that took it up last
  characters  INTEGER NOT NULL,      -- code points
  words       INTEGER NOT NULL,
  windows     INTEGER NOT NULL DEFAULT 0,
  dropped     TEXT NOT NULL DEFAULT '{}', -- JSON: spans that are no mentions, by rule
  adjectives  TEXT NOT NULL DEFAULT '{}', -- JSON: adjectives of countries ("Russian"), by ISO code
  signature   BLOB                   -- MinHash of the words, NULL for texts too short to compare
);

CREATE TABLE documents (             -- one row an article
  document_id INTEGER PRIMARY KEY,
  document    TEXT NOT NULL UNIQUE,  -- id in the output: path, or the record's id
  path        TEXT NOT NULL,
  text_id     INTEGER NOT NULL REFERENCES texts,
  run_id      INTEGER NOT NULL,      -- run that saw it last
  title       TEXT NOT NULL,
  published   TEXT NOT NULL,         -- ISO 8601, or empty
  url         TEXT NOT NULL
);
CREATE INDEX documents_text ON documents (text_id, document);

CREATE TABLE sentences (
  sentence_id INTEGER PRIMARY KEY,
  text_id     INTEGER NOT NULL REFERENCES texts ON DELETE CASCADE,
  sentence    TEXT NOT NULL
);
CREATE INDEX sentences_text ON sentences (text_id);

CREATE TABLE mentions (
  text_id     INTEGER NOT NULL REFERENCES texts ON DELETE CASCADE,
  start       INTEGER NOT NULL,      -- code points, half-open: text[start:end]
  "end"       INTEGER NOT NULL,
  text        TEXT NOT NULL,
  kind        TEXT NOT NULL,         -- as tagged; the entity has the kind that was agreed on
  source      TEXT NOT NULL,
  score       REAL,
  title       TEXT NOT NULL,
  category    TEXT NOT NULL,
  family      TEXT NOT NULL,
  variant     TEXT NOT NULL,
  origin      TEXT NOT NULL,
  generic     INTEGER NOT NULL,
  ship_class  TEXT NOT NULL,         -- class of an individual ship, or empty
  same_as     INTEGER NOT NULL,      -- start of the mention that the text equates with this one, or -1
  same_as_cue TEXT NOT NULL,
  setting     TEXT NOT NULL,         -- what the words around it say: country UA, sport cricket, or empty
  quantity    TEXT,                  -- JSON: how many the text counts, or NULL
  sentence_id INTEGER,               -- of its sentence, or NULL
  entity      TEXT,                  -- NULL until merged
  agreed      TEXT,                  -- JSON: the columns up to quantity as merging corrected them, or NULL
  PRIMARY KEY (text_id, start)
) WITHOUT ROWID;
CREATE INDEX mentions_entity ON mentions (entity, text_id);

CREATE TABLE entities (
  entity     TEXT PRIMARY KEY,       -- id in the output
  position   INTEGER NOT NULL,       -- rank in the output
  kind       TEXT NOT NULL,
  name       TEXT NOT NULL,
  mentions   INTEGER NOT NULL,
  documents  INTEGER NOT NULL,
  first_seen TEXT,
  last_seen  TEXT,
  attributes TEXT NOT NULL           -- JSON; of "quantities" the number, they are with the mentions
);
CREATE INDEX entities_position ON entities (position);
CREATE INDEX entities_name ON entities (name);

CREATE TABLE aliases (
  entity   TEXT NOT NULL REFERENCES entities,
  position INTEGER NOT NULL,
  alias    TEXT NOT NULL,
  count    INTEGER NOT NULL,
  PRIMARY KEY (entity, position)
) WITHOUT ROWID;
CREATE INDEX aliases_alias ON aliases (alias);

CREATE TABLE receipts (              -- why two spellings are one entity
  entity   TEXT NOT NULL REFERENCES entities,
  position INTEGER NOT NULL,
  rule     TEXT NOT NULL,
  "left"   TEXT NOT NULL,
  "right"  TEXT NOT NULL,
  document TEXT NOT NULL,
  start    INTEGER NOT NULL,
  "end"    INTEGER NOT NULL,
  PRIMARY KEY (entity, position)
) WITHOUT ROWID;

CREATE VIEW articles AS              -- the article that stands for each text: the first by id
  SELECT min(documents.document) AS document, path, title, published, url, sha256, characters, words,
         count(*) AS copies, texts.text_id AS text_id
  FROM documents JOIN texts USING (text_id) WHERE fingerprint <> '' GROUP BY texts.text_id;

CREATE VIEW top_entities AS
  SELECT kind, name, mentions, documents, first_seen, last_seen, attributes, entity
  FROM entities ORDER BY mentions DESC, documents DESC, name;

CREATE VIEW mentions_in_context AS
  SELECT (SELECT min(document) FROM documents WHERE documents.text_id = mentions.text_id) AS document,
         start, mentions."end" AS "end", text, entities.kind AS kind, name, sentence, score, source, entity
  FROM mentions JOIN entities USING (entity) LEFT JOIN sentences USING (sentence_id);

CREATE VIEW appear_together AS       -- pairs in the same texts; ask for one entity, or it counts them all
  SELECT one.entity AS entity, this.name AS name, other.entity AS with_entity, that.name AS with_name,
         that.kind AS with_kind, count(DISTINCT one.text_id) AS texts
  FROM mentions AS one JOIN mentions AS other ON other.text_id = one.text_id AND other.entity <> one.entity
  JOIN entities AS this ON this.entity = one.entity JOIN entities AS that ON that.entity = other.entity
  GROUP BY one.entity, other.entity;
