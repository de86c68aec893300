use chrono::TimeZone;
use entity::{ForecastCategory, Id, OpportunityId, StageId};
use uuid::Uuid;

use super::*;

const OPEN: u128 = 1;
const NEXT: u128 = 2;
const WON: u128 = 3;
const LOST: u128 = 4;

fn id<E>(number: u128) -> Id<E> {
    Id::new(Uuid::from_u128(number))
}

fn at(second: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(second, 0).single().expect("a moment")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn stage(number: u128) -> stage::Model {
    let (name, probability, category) = match number {
        OPEN => ("Prospecting", 10, StageCategory::Open),
        NEXT => ("Negotiation", 90, StageCategory::Open),
        WON => ("Closed Won", 100, StageCategory::Won),
        _ => ("Closed Lost", 0, StageCategory::Lost),
    };
    stage::Model {
        id: StageId::new(Uuid::from_u128(number)),
        number: i32::try_from(number).expect("a small number"),
        version: 1,
        pipeline_id: id(1),
        name: name.to_owned(),
        name_key: name.to_lowercase(),
        position: 1,
        probability,
        category,
        forecast_category: ForecastCategory::Pipeline,
        active: true,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// An opportunity in this stage, closed where the stage is.
fn opportunity(in_stage: u128) -> Model {
    let mut opportunity = Model {
        id: OpportunityId::new(Uuid::from_u128(1)),
        version: 1,
        name: "Turbines".to_owned(),
        account_id: id(1),
        primary_contact_id: None,
        owner_id: None,
        pipeline_id: id(1),
        stage_id: id(OPEN),
        stage_entered_at: at(0),
        stages_reached: OPEN.to_string(),
        probability: 10,
        probability_by_hand: false,
        amount: Some(10_000_000),
        currency: Some("EUR".to_owned()),
        close_date: day("2026-12-31"),
        is_closed: false,
        is_won: false,
        first_won_at: None,
        last_won_at: None,
        closed_at: None,
        close_reason_id: None,
        close_note: None,
        lost_to: None,
        lost_to_competitor_id: None,
        source_id: None,
        campaign_id: None,
        lead_id: None,
        next_step: None,
        description: None,
        qualification: None,
        name_key: String::new(),
        external_id: None,
        created_at: at(0),
        updated_at: at(0),
        deleted_at: None,
    };
    let stage = stage(in_stage);
    match stage.category {
        StageCategory::Open => enter(&mut opportunity, &stage, at(0)),
        StageCategory::Won | StageCategory::Lost => close(&mut opportunity, &stage, closing(), at(60)),
    }
    opportunity
}

fn closing() -> Closing {
    Closing {
        day: day("2026-11-20"),
        reason: Some(id(7)),
        note: Some("Close".to_owned()),
        lost_to: Some("Acme".to_owned()),
        competitor: None,
    }
}

/// What a check answers, in a word.
fn word(checked: Result<(), Obstacle>) -> &'static str {
    match checked {
        Ok(()) => "fine",
        Err(Obstacle::State(_)) => "illegal",
        Err(Obstacle::Problem(problem)) => {
            assert_eq!(problem.code, UserErrorCode::Invalid);
            assert_eq!(problem.field, Some(vec!["input".to_owned(), "stageId".to_owned()]));
            "invalid"
        }
    }
}

#[test]
fn moves_follow_the_table() {
    for (from, to, moving, reopening) in [
        (OPEN, OPEN, "illegal", "illegal"),
        (OPEN, NEXT, "fine", "illegal"),
        (NEXT, OPEN, "fine", "illegal"),
        (OPEN, WON, "invalid", "illegal"),
        (OPEN, LOST, "invalid", "illegal"),
        (WON, OPEN, "illegal", "fine"),
        (WON, WON, "illegal", "invalid"),
        (WON, LOST, "illegal", "invalid"),
        (LOST, NEXT, "illegal", "fine"),
        (LOST, WON, "illegal", "invalid"),
        (LOST, LOST, "illegal", "invalid"),
    ] {
        let opportunity = opportunity(from);
        assert_eq!(word(check_move(&opportunity, &stage(to))), moving, "move {from} -> {to}");
        assert_eq!(word(check_reopen(&opportunity, &stage(to))), reopening, "reopen {from} -> {to}");
        let closable = if from == OPEN || from == NEXT { "fine" } else { "illegal" };
        assert_eq!(word(check_open(&opportunity)), closable, "close {from}");
    }
}

#[test]
fn what_leads_to_a_closed_stage_names_the_mutation_for_it() {
    for (to, mutation) in [(WON, "winOpportunity"), (LOST, "loseOpportunity")] {
        let Err(Obstacle::Problem(problem)) = check_move(&opportunity(OPEN), &stage(to)) else { panic!("a problem") };
        assert!(problem.message.contains(mutation), "{}", problem.message);
        let problem = check_first_stage(&stage(to), None, "opportunity.stageId").expect_err("a closed stage");
        assert!(problem.message.contains(mutation), "{}", problem.message);
        assert_eq!(problem.field.expect("a path")[1..], ["opportunity", "stageId"]);
    }
}

#[test]
fn an_opportunity_starts_in_an_open_stage_of_the_named_pipeline() {
    for (in_stage, pipeline, fine) in
        [(OPEN, None, true), (NEXT, Some(1), true), (OPEN, Some(2), false), (WON, Some(1), false), (LOST, None, false)]
    {
        let checked = check_first_stage(&stage(in_stage), pipeline.map(id), "stageId");
        assert_eq!(checked.is_ok(), fine, "{in_stage} {pipeline:?}");
    }
}

#[test]
fn a_stage_brings_its_probability_unless_one_was_set_by_hand() {
    for (by_hand, expected) in [(false, 90), (true, 35)] {
        let mut opportunity = Model { probability: 35, probability_by_hand: by_hand, ..opportunity(OPEN) };
        enter(&mut opportunity, &stage(NEXT), at(60));
        assert_eq!((opportunity.probability, opportunity.probability_by_hand), (expected, by_hand));
        assert_eq!((opportunity.stage_id, opportunity.stage_entered_at), (id(NEXT), at(60)));
    }
}

#[test]
fn closing_is_certain_and_reopening_forgets_it() {
    for (into, won, probability) in [(WON, true, 100), (LOST, false, 0)] {
        let mut opportunity = Model { probability: 35, probability_by_hand: true, ..opportunity(OPEN) };
        let before = opportunity.clone();
        close(&mut opportunity, &stage(into), closing(), at(60));
        assert_eq!((opportunity.is_closed, opportunity.is_won, opportunity.probability), (true, won, probability));
        assert_eq!((opportunity.close_date, opportunity.closed_at), (day("2026-11-20"), Some(at(60))));
        assert_eq!((opportunity.close_reason_id, opportunity.lost_to.as_deref()), (Some(id(7)), Some("Acme")));

        reopen(&mut opportunity, &stage(NEXT), at(120));
        let expected = Model {
            stage_id: id(NEXT),
            stage_entered_at: at(120),
            stages_reached: format!("{OPEN},{NEXT},{into}"),
            probability: 90,
            probability_by_hand: false,
            close_date: day("2026-11-20"),
            ..before
        };
        assert_eq!(opportunity, expected);
    }
}

#[test]
fn probabilities_lie_between_0_and_100() {
    for (input, expected, by_hand, problems) in [
        (MaybeUndefined::Undefined, 10, false, 0),
        (MaybeUndefined::Value(0), 0, true, 0),
        (MaybeUndefined::Value(100), 100, true, 0),
        (MaybeUndefined::Value(-1), 10, false, 1),
        (MaybeUndefined::Value(101), 10, false, 1),
        (MaybeUndefined::Null, 10, false, 0),
    ] {
        let mut cleaner = Cleaner::new("EUR");
        let mut opportunity = opportunity(OPEN);
        set_probability(&mut cleaner, &input, &mut opportunity);
        assert_eq!((opportunity.probability, opportunity.probability_by_hand), (expected, by_hand), "{input:?}");
        let found = cleaner.problems.into_vec();
        assert_eq!(found.len(), problems, "{input:?}");
        assert!(found.iter().all(|problem| problem.code == UserErrorCode::OutOfRange));
    }
}

#[test]
fn nothing_is_closed_in_the_future() {
    let today = day("2026-11-22");
    for (given, expected, fine) in [
        (None, "2026-11-22", true),
        (Some("2026-11-01"), "2026-11-01", true),
        (Some("2026-11-22"), "2026-11-22", true),
        (Some("2026-11-23"), "2026-11-23", false),
    ] {
        let mut cleaner = Cleaner::new("EUR");
        assert_eq!(closing_day(&mut cleaner, given.map(|text| Date(day(text))), today), day(expected));
        assert_eq!(cleaner.problems.is_empty(), fine, "{given:?}");
    }
}

#[test]
fn reasons_belong_to_one_way_of_closing() {
    use StageCategory::{Lost, Won};
    for (category, closing, fine) in [(Won, Won, true), (Lost, Lost, true), (Won, Lost, false), (Lost, Won, false)] {
        let reason = close_reason::Model {
            id: id(7),
            name: "Price".to_owned(),
            name_key: "price".to_owned(),
            category,
            active: true,
            position: 1,
            created_at: at(0),
        };
        assert_eq!(check_reason(&reason, closing).is_ok(), fine);
    }
}

#[test]
fn a_close_date_cannot_be_cleared() {
    let mut cleaner = Cleaner::new("EUR");
    set_close_date(&mut cleaner, &MaybeUndefined::Null, &mut opportunity(OPEN));
    assert_eq!(cleaner.problems.into_vec()[0].code, UserErrorCode::Required);
}
