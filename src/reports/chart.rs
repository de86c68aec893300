//! Reports as pictures: bars and lines as SVG, legible on light and dark ground, with all values written out.

use maud::Render;

/// A bar, or a point of a line.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is about.
    pub label: String,
    /// Its parts, in the order of the legend. Not negative.
    pub parts: Vec<f64>,
    /// Its value in words.
    pub value: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// What the parts of the marks are; empty where they have only one.
    pub legend: Vec<String>,
    /// The marks, from the top or from the left.
    pub marks: Vec<Mark>,
}

/// Colours that are told apart by those who see few, on white and on black.
const COLOURS: [&str; 5] = ["#2a78b5", "#d9822b", "#3d9970", "#8e6bbf", "#8a8f98"];
const WIDTH: f64 = 800.0;
const LEFT: f64 = 210.0;
const TOP: f64 = 64.0;
const ROW: f64 = 34.0;
/// How many marks of a line have words of their own: more would overlap.
const WORDED: usize = 12;

impl Chart {
    /// Horizontal bars, one below the other; parts follow each other within a bar.
    pub fn bars(&self) -> String {
        let top = if self.legend.is_empty() { TOP } else { TOP + 26.0 };
        let height = top + ROW * count(self.marks.len().max(1)) + 20.0;
        let longest = self.marks.iter().map(|mark| mark.parts.iter().sum()).fold(0.0, f64::max);
        let room = WIDTH - LEFT - self.marks.iter().map(|mark| width(&mark.value) + 24.0).fold(150.0, f64::max).min(WIDTH / 2.0);
        let mut svg = self.begin(height);
        self.write_legend(&mut svg);
        for (number, mark) in self.marks.iter().enumerate() {
            let y = top + ROW * count(number);
            text(&mut svg, (LEFT - 10.0, y + 17.0), "end", &shortened(&mark.label, LEFT - 20.0), "label");
            let mut x = LEFT;
            for (part, colour) in mark.parts.iter().zip(COLOURS.iter().cycle()) {
                let width = if longest > 0.0 { part / longest * room } else { 0.0 };
                write(
                    &mut svg,
                    format_args!("<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"24\" fill=\"{colour}\"/>"),
                );
                x += width;
            }
            text(&mut svg, (x + 8.0, y + 17.0), "start", &mark.value, "value");
        }
        end(svg, self.marks.is_empty(), height)
    }

    /// A line over parts of 1, from left to right; marks without parts are gaps.
    pub fn line(&self) -> String {
        let height = 372.0;
        let (top, bottom) = (TOP + 12.0, height - 60.0);
        let mut svg = self.begin(height);
        for quarter in 0..=4 {
            let y = bottom - (bottom - top) * f64::from(quarter) / 4.0;
            write(&mut svg, format_args!("<path class=\"grid\" d=\"M60 {y:.1}H{:.1}\"/>", WIDTH - 20.0));
            text(&mut svg, (52.0, y + 4.0), "end", &format!("{} %", quarter * 25), "label");
        }
        let step = (WIDTH - 120.0) / count(self.marks.len().max(1));
        let (mut drawn, mut worded) = (String::new(), String::new());
        let mut pen = 'M';
        for (number, mark) in self.marks.iter().enumerate() {
            let x = 70.0 + step * (count(number) + 0.5);
            let has_words = number.is_multiple_of(self.marks.len().div_ceil(WORDED));
            if has_words {
                text(&mut worded, (x, bottom + 20.0), "middle", &mark.label, "label");
            }
            let Some(part) = mark.parts.first() else {
                pen = 'M';
                continue;
            };
            let y = bottom - (bottom - top) * part.clamp(0.0, 1.0);
            write(&mut drawn, format_args!("{pen}{x:.1} {y:.1}"));
            pen = 'L';
            write(&mut svg, format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{}\"/>", COLOURS[0]));
            if has_words {
                text(&mut worded, (x, y - 10.0), "middle", &mark.value, "value");
            }
        }
        write(&mut svg, format_args!("<path d=\"{drawn}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\"/>", COLOURS[0]));
        end(svg + &worded, self.marks.is_empty(), height)
    }

    fn begin(&self, height: f64) -> String {
        let mut svg = String::new();
        write(
            &mut svg,
            format_args!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\
                 <title>{}</title><style>text{{font-family:system-ui,'Noto Sans',sans-serif;font-size:13px;fill:#1c2430}}\
                 .title{{font-size:19px;font-weight:600}}.label{{fill:#4c5663}}.grid{{stroke:#c8ced6;stroke-width:1}}\
                 .value{{paint-order:stroke;stroke:#ffffff;stroke-width:4px;stroke-linejoin:round}}.ground{{fill:#ffffff}}\
                 @media(prefers-color-scheme:dark){{text{{fill:#f0f3f6}}.label{{fill:#b4bdc9}}.grid{{stroke:#3a4450}}\
                 .value{{stroke:#12161c}}.ground{{fill:#12161c}}}}</style>\
                 <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>",
                escaped(&self.title)
            ),
        );
        text(&mut svg, (24.0, 34.0), "start", &self.title, "title");
        svg
    }

    fn write_legend(&self, svg: &mut String) {
        let mut x = 24.0;
        for (name, colour) in self.legend.iter().zip(COLOURS.iter().cycle()) {
            write(svg, format_args!("<rect x=\"{x:.1}\" y=\"52\" width=\"14\" height=\"14\" fill=\"{colour}\"/>"));
            text(svg, (x + 20.0, 64.0), "start", name, "label");
            x += 46.0 + width(name);
        }
    }
}

fn end(mut svg: String, empty: bool, height: f64) -> String {
    if empty {
        text(&mut svg, (WIDTH / 2.0, height / 2.0 + 20.0), "middle", "Nothing to show", "label");
    }
    svg.push_str("</svg>\n");
    svg
}

fn write(svg: &mut String, arguments: std::fmt::Arguments<'_>) {
    svg.push_str(&arguments.to_string());
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, words: &str, class: &str) {
    let words = escaped(words);
    write(svg, format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{words}</text>"));
}

/// The label, or as much of it as there is room for.
fn shortened(label: &str, room: f64) -> String {
    if width(label) <= room {
        return label.to_owned();
    }
    let mut taken = room - width("…");
    let fits = label.chars().take_while(|letter| {
        taken -= letter_width(*letter);
        taken >= 0.0
    });
    let kept: String = fits.collect();
    format!("{}…", kept.trim_end())
}

/// About how wide words are: nobody knows which font they will be drawn in.
fn width(words: &str) -> f64 {
    words.chars().map(letter_width).sum()
}

/// Chinese, Japanese and Korean letters are as wide as they are high; all others are taken for wide rather than narrow ones.
fn letter_width(letter: char) -> f64 {
    match letter {
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ffef}' => 13.0,
        '\u{1f000}'.. => 14.0,
        'W' | 'M' | 'm' | 'w' | '%' | '@' => 12.0,
        _ if letter.is_uppercase() => 9.5,
        _ => 7.0,
    }
}

fn escaped(words: &str) -> String {
    words.render().into_string()
}

/// A small count as a length.
fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values() {
        let mark = |label: &str, part: f64| Mark { label: label.to_owned(), parts: vec![part], value: part.to_string() };
        let chart = Chart {
            title: "A < B & \"C\"".to_owned(),
            legend: Vec::new(),
            marks: vec![mark("華為", 10.0), mark("x", 5.0), mark("y", 0.0)],
        };
        let svg = chart.bars();
        for part in ["A &lt; B &amp; &quot;C&quot;", "width=\"440.0\"", "width=\"220.0\"", "width=\"0.0\"", "華為"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(Chart { marks: Vec::new(), ..chart }.bars().contains("Nothing to show"));
    }

    #[test]
    fn a_line_has_gaps_where_nothing_is_known() {
        let mark = |parts: Vec<f64>| Mark { label: "m".to_owned(), parts, value: String::new() };
        let marks = vec![mark(vec![0.0]), mark(vec![1.0]), mark(Vec::new()), mark(vec![0.5])];
        let svg = Chart { title: String::new(), legend: Vec::new(), marks }.line();
        assert_eq!(svg.matches("<circle").count(), 3);
        assert_eq!((svg.matches("M155.0").count(), svg.matches("L325.0").count(), svg.matches("M665.0").count()), (1, 1, 1));
    }

    #[test]
    fn labels_and_values_stay_within_the_picture() {
        for (label, expected) in [
            ("Proposal/Quote", "Proposal/Quote"),
            ("东海冷链物流有限公司采购总监需要详细报价", "东海冷链物流有限公司采购总监…"),
            ("WWWWWWWWWWWWWWWWWWWW", "WWWWWWWWWWWWWWW…"),
            ("Negotiation and a review by everybody", "Negotiation and a review…"),
        ] {
            assert_eq!(shortened(label, LEFT - 20.0), expected);
        }
        let mark = Mark { label: String::new(), parts: vec![1.0], value: "9 999 999 999 999 USD (12 345)".to_owned() };
        let svg = Chart { title: String::new(), legend: Vec::new(), marks: vec![mark] }.bars();
        assert!(svg.contains("width=\"348.5\""), "{svg}");
    }

    #[test]
    fn a_long_line_has_words_at_some_of_its_marks() {
        let mark = |number: usize| Mark { label: number.to_string(), parts: vec![0.5], value: "50.0 %".to_owned() };
        let svg = Chart { title: String::new(), legend: Vec::new(), marks: (0..60).map(mark).collect() }.line();
        assert_eq!((svg.matches("<circle").count(), svg.matches("class=\"value\">50.0 %").count()), (60, 12));
    }
}
