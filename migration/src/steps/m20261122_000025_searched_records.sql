-- All words of a record in one text: whether a record that was found by one word has another one, too, is looked up there. An index of all
-- words by their records did that before; it was as large as the words themselves, and every new word went into both.

CREATE TABLE searched_records (
    record_id uuid PRIMARY KEY,
    words text COLLATE "C" NOT NULL
) /* WITHOUT ROWID */;

INSERT INTO searched_records (record_id, words)
SELECT record_id, ' ' || string_agg(word, ' ' ORDER BY word) || ' ' FROM search_words GROUP BY record_id;

DROP INDEX search_words_record;
