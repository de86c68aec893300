//! Reports as pictures: bars and lines as SVG, legible on light and dark ground, with all values written out.

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
const RIGHT: f64 = 150.0;
const TOP: f64 = 64.0;
const ROW: f64 = 34.0;
const LONGEST_LABEL: usize = 28;

impl Chart {
    /// Horizontal bars, one below the other; parts follow each other within a bar.
    pub fn bars(&self) -> String {
        let top = if self.legend.is_empty() { TOP } else { TOP + 26.0 };
        let height = top + ROW * count(self.marks.len().max(1)) + 20.0;
        let longest = self.marks.iter().map(|mark| mark.parts.iter().sum()).fold(0.0, f64::max);
        let mut svg = self.begin(height);
        self.write_legend(&mut svg);
        for (number, mark) in self.marks.iter().enumerate() {
            let y = top + ROW * count(number);
            text(&mut svg, (LEFT - 10.0, y + 17.0), "end", &shortened(&mark.label), "label");
            let mut x = LEFT;
            for (part, colour) in mark.parts.iter().zip(COLOURS.iter().cycle()) {
                let width = if longest > 0.0 { part / longest * (WIDTH - LEFT - RIGHT) } else { 0.0 };
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
        let height = 360.0;
        let (bottom, tall) = (height - 60.0, height - 60.0 - TOP);
        let mut svg = self.begin(height);
        for quarter in 0..=4 {
            let y = bottom - tall * f64::from(quarter) / 4.0;
            write(&mut svg, format_args!("<path class=\"grid\" d=\"M60 {y:.1}H{:.1}\"/>", WIDTH - 20.0));
            text(&mut svg, (52.0, y + 4.0), "end", &format!("{} %", quarter * 25), "label");
        }
        let step = (WIDTH - 120.0) / count(self.marks.len().max(1));
        let mut drawn = String::new();
        let mut pen = 'M';
        for (number, mark) in self.marks.iter().enumerate() {
            let x = 70.0 + step * (count(number) + 0.5);
            // Labels that would overlap are left out.
            if number % (self.marks.len() / 12 + 1) == 0 {
                text(&mut svg, (x, bottom + 20.0), "middle", &mark.label, "label");
            }
            let Some(part) = mark.parts.first() else {
                pen = 'M';
                continue;
            };
            let y = bottom - tall * part.clamp(0.0, 1.0);
            write(&mut drawn, format_args!("{pen}{x:.1} {y:.1}"));
            pen = 'L';
            write(&mut svg, format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"{}\"/>", COLOURS[0]));
            text(&mut svg, (x, y - 10.0), "middle", &mark.value, "value");
        }
        write(&mut svg, format_args!("<path d=\"{drawn}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2.5\"/>", COLOURS[0]));
        end(svg, self.marks.is_empty(), height)
    }

    fn begin(&self, height: f64) -> String {
        let mut svg = String::new();
        write(
            &mut svg,
            format_args!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\">\
                 <title>{}</title><style>text{{font-family:system-ui,'Noto Sans',sans-serif;font-size:13px;fill:#1c2430}}\
                 .title{{font-size:19px;font-weight:600}}.label{{fill:#4c5663}}.grid{{stroke:#c8ced6;stroke-width:1}}\
                 .ground{{fill:#ffffff}}@media(prefers-color-scheme:dark){{text{{fill:#f0f3f6}}.label{{fill:#b4bdc9}}\
                 .grid{{stroke:#3a4450}}.ground{{fill:#12161c}}}}</style>\
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
            x += 50.0 + 8.0 * count(name.chars().count());
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

fn shortened(label: &str) -> String {
    if label.chars().count() <= LONGEST_LABEL {
        return label.to_owned();
    }
    label.chars().take(LONGEST_LABEL - 1).chain(['…']).collect()
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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
}
