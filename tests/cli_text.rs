//! Text for people: harmless whatever is stored, masked where that is asked for, drawings that hold.

mod cli;

use cli::World;

/// Every way to print something that is stored.
const ALL: [&[&str]; 14] = [
    &["search", "evil"],
    &["search"],
    &["show", EVIL],
    &["show", EVIL, "--explain"],
    &["show", "CRMID:C-1", "--explain"],
    &["events", "CRMID:C-1"],
    &["graph", "CRMID:C-1", "--removed"],
    &["graph", EVIL, "--format", "dot"],
    &["graph", EVIL, "--format", "mermaid"],
    &["graph", EVIL, "--format", "svg"],
    &["why", "CRMID:C-1", "CRMID:C-2"],
    &["compare", EVIL, "--policies", "Latest wins,Alone"],
    &["compare", "--all", "--policies", "Latest wins,Alone"],
    &["stats"],
];

const EVIL: &str = "Email:ev\u{1b}[31mil\u{202e}@example.com";

#[test]
fn nothing_that_is_stored_reaches_the_terminal_as_a_command() {
    let world = World::imported();
    for args in ALL {
        let ran = world.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        let is_harmless = |letter: char| {
            letter == '\n' || !(letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter))
        };
        assert!(
            ran.stdout.chars().all(is_harmless),
            "{args:?}: {}",
            ran.stdout
        );
    }
    let miss = world.run(&["show", "Email:\u{1b}]0;x\u{7}nobody"]);
    assert!(!miss.stderr.contains('\u{1b}'), "{miss:?}");
    assert!(
        world
            .run(&["show", EVIL])
            .stdout
            .contains("Email:ev^[[31mil<U+202E>@example.com")
    );
}

#[test]
fn the_mask_hides_persons_in_every_form() {
    let world = World::imported();
    let personal = ["ana@", "ben@", "C-1", "C-2", "Ana", "Anna", "Ben", "vil"];
    for args in ALL {
        for form in [
            &["--mask"][..],
            &["--mask", "--json"],
            &["--mask", "--jsonl"],
        ] {
            let ran = world.run(&[args, form].concat());
            assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
            // A query is repeated as it was asked.
            let said = ran
                .stdout
                .replace("\"query\": \"evil\"", "")
                .replace("\"query\":\"evil\"", "");
            for word in personal {
                assert!(!said.contains(word), "{word} in {args:?} {form:?}: {said}");
            }
        }
    }
    let masked = world.json(&["show", "CRMID:C-1", "--mask"]);
    assert_eq!(masked["entity"]["loyalty"]["tier"], "gold");
    assert_eq!(masked["entityId"], "CRMID:•••");
}

#[test]
fn drawings_name_every_identity_and_mark_removed_links() {
    let world = World::imported();
    let draw = |format| {
        world
            .run(&["graph", "CRMID:C-1", "--removed", "--format", format])
            .stdout
    };
    let dot = draw("dot");
    assert!(
        dot.starts_with("graph identities {\n") && dot.ends_with("}\n"),
        "{dot}"
    );
    assert!(
        dot.contains("label=\"ECID:111\"") && dot.contains("style=dotted"),
        "{dot}"
    );
    let mermaid = draw("mermaid");
    assert!(mermaid.starts_with("graph LR\n"), "{mermaid}");
    assert!(
        mermaid.contains("[\"ECID:111\"]") && mermaid.contains("-.-"),
        "{mermaid}"
    );
    let svg = draw("svg");
    assert!(
        svg.starts_with("<svg ") && svg.ends_with("</svg>\n"),
        "{svg}"
    );
    assert!(
        svg.contains("stroke-dasharray") && svg.contains(">CRMID</text>"),
        "{svg}"
    );
    assert_eq!(svg, draw("svg"));
}

#[test]
fn times_are_shown_in_the_zone_that_was_asked_for() {
    let world = World::imported();
    let shown = world
        .run(&["events", "CRMID:C-2", "--tz", "Europe/Vienna"])
        .stdout;
    assert!(shown.contains("2024-06-03 12:00:00+02:00"), "{shown}");
}

#[test]
fn a_profile_reads_as_a_page() {
    let world = World::imported();
    let page = world
        .run(&["show", "CRMID:C-1", "--policy", "CRM first"])
        .stdout;
    let lines: Vec<&str> = page
        .lines()
        .filter(|line| !line.starts_with("Modified"))
        .collect();
    let expected = [
        "Anna  CRMID:C-1",
        "Policy      CRM first",
        "Identities  CRMID:C-1, Email:ana@example.com",
        "Sources     crm, web-signup",
        "Events      0; the policy leaves out 2",
        "",
        "attribute                 value            from",
        "crm_id                    C-1              crm 1:2",
        "personalEmail.address     ana@example.com  crm 1:2",
        "person.name.firstName  ≠  Anna             crm 1:2",
        "loyalty.tier              gold             crm 1:2",
        "",
        "from: dataset batch:line   ≠ fragments disagree (1)   --explain says why",
    ];
    assert_eq!(lines, expected);
}
