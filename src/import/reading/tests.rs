use std::path::PathBuf;

use super::*;

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    (directory, path)
}

/// Lines and cells.
type Found = Vec<(u64, Vec<String>)>;

/// Header and rows of a file, or the sentence with which it is refused.
fn read(name: &str, bytes: &[u8]) -> Result<(Vec<String>, Found), String> {
    let (_directory, path) = file(name, bytes);
    let mut rows = Rows::open(&path, None).map_err(|error| error.sentences())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next_row().map_err(|error| error.sentences())? {
        found.push((row.line, row.cells.iter().map(|cell| cell.trim_end_matches('\r').to_owned()).collect()));
    }
    Ok((rows.header().to_vec(), found))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn delimiters_are_found_out() {
    for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\r\n1\t2\r\n", "a|b\n1|2", "\u{feff}a,b\n1,2", "\"a\",b\n1,\"2\""] {
        let expected = (texts(&["a", "b"]), vec![(2, texts(&["1", "2"]))]);
        assert_eq!(read("x.csv", text.as_bytes()), Ok(expected), "{text:?}");
    }
    let (header, _) = read("x.csv", b"\"Name, first\";City\nx;y").expect("a file");
    assert_eq!(header, texts(&["Name, first", "City"]));
}

#[test]
fn quoted_line_breaks_are_kept_and_lines_counted() {
    let (_, rows) = read("x.csv", b"a,b\n\"one\ntwo\",2\n\n,\n3,4\n").expect("a file");
    assert_eq!(rows, vec![(2, texts(&["one\ntwo", "2"])), (6, texts(&["3", "4"]))]);
    let (_, rows) = read("x.csv", b"a,b\r\n\r\n1,\"2\"\r\n\r\n\"3\r\n\",4").expect("a file");
    assert_eq!(rows, vec![(3, texts(&["1", "2"])), (5, texts(&["3\r\n", "4"]))]);
}

#[test]
fn rows_of_another_length_are_told() {
    let (_directory, path) = file("x.csv", b"a,b\n1,2,3\n");
    let mut rows = Rows::open(&path, None).expect("a file");
    let row = rows.next_row().expect("readable").expect("a row");
    assert!(row.problem.is_some_and(|problem| problem.starts_with("The row has 3 cells and the header 2")));
}

#[test]
fn json_is_flattened() {
    let text = r#"{"records": [{"a": {"b": "x", "c": [1, true]}, "d": null}, {"e": 1.5}]}"#;
    let (header, rows) = read("x.json", text.as_bytes()).expect("a file");
    assert_eq!(header, texts(&["a.b", "a.c.0", "a.c.1", "d", "e"]));
    assert_eq!(rows, vec![(1, texts(&["x", "1", "true", "", ""])), (2, texts(&["", "", "", "", "1.5"]))]);
    let (header, _) = read("no-extension", b" [{\"a\": 1}]").expect("a file");
    assert_eq!(header, texts(&["a"]));
    assert!(read("x.json", b"{\"rows\": []}").is_err_and(|sentence| sentence.contains("\"records\"")));
}

#[test]
fn other_encodings_are_refused_with_the_line() {
    let latin = b"name,city\nAda,London\nJos\xe9,Lima\n";
    let sentence = read("x.csv", latin).expect_err("refused");
    assert!(sentence.contains("line 3 is not UTF-8") && sentence.contains("E9"), "{sentence}");
    assert!(read("x.csv", b"\xff\xfea\0").is_err_and(|sentence| sentence.contains("UTF-16")));
    assert!(read("x.csv", b"a\nJos\xc3").is_err_and(|sentence| sentence.contains("line 2")));
    assert!(read("x.csv", b"").is_err_and(|sentence| sentence.contains("empty")));
    assert!(Rows::open(&PathBuf::from("/nowhere.csv"), None).is_err());
}

#[test]
fn characters_across_buffers_are_whole() {
    let mut text = "a\n".to_owned();
    text.push_str(&"é".repeat(300_000));
    assert!(utf8::check(text.as_bytes()).is_ok());
    let mut bytes = text.into_bytes();
    bytes.push(b'\n');
    bytes.push(0xe9);
    bytes.push(b'\n');
    assert!(matches!(utf8::check(bytes.as_slice()), Err(utf8::Problem::Line { line: 3, byte: 0xe9 })));
}
