//! Rust names out of names on the wire.

use crate::support::{Folder, load, real};
use cipp_codegen::model::{Api, Body};
use cipp_codegen::names::{Namer, is_identifier, is_keyword};
use std::fs;

/// The words of the real specification, or `None` where the crate was packaged without it.
fn real_words() -> Option<Vec<String>> {
    let text = fs::read_to_string(real()?.join("api.yaml")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("words: [")).expect("api.yaml has its words in one line");
    Some(line.trim_end_matches(']').split(", ").map(str::to_owned).collect())
}

#[test]
fn fields() {
    let namer = Namer::default();
    for (wire, rust) in [
        ("name", "name"),
        ("displayName", "display_name"),
        ("DisplayName", "display_name"),
        ("displayname", "displayname"),
        ("DISPLAYNAME", "displayname"),
        ("tenantFilter", "tenant_filter"),
        ("$filter", "filter"),
        ("$expand", "expand"),
        ("@odata.type", "odata_type"),
        ("@odata.nextLink", "odata_next_link"),
        ("2fa", "_2fa"),
        ("2FA", "_2fa"),
        ("365", "_365"),
        ("a.b", "a_b"),
        ("a.b.c", "a_b_c"),
        ("a..b", "a_b"),
        ("a-b", "a_b"),
        ("a/b", "a_b"),
        ("a b", "a_b"),
        ("with space", "with_space"),
        ("  outside  ", "outside"),
        ("self", "self_"),
        ("Self", "self_"),
        ("SELF", "self_"),
        ("super", "super_"),
        ("crate", "crate_"),
        // Keywords are names as `r#name`.
        ("type", "type"),
        ("Type", "type"),
        ("match", "match"),
        ("async", "async"),
        ("gen", "gen"),
        ("имя", "имя"),
        ("ИмяФайла", "имя_файла"),
        ("größe", "größe"),
        ("名前", "名前"),
        ("businessPhones[0]", "business_phones_0"),
        ("values[]", "values"),
        ("RemoveMFADevices", "remove_mfa_devices"),
        ("MFAEnabled", "mfa_enabled"),
        ("EnableMFA", "enable_mfa"),
        ("userID", "user_id"),
        ("ID", "id"),
        ("id", "id"),
        ("CIPPVersion", "cipp_version"),
        ("onPremisesSyncEnabled", "on_premises_sync_enabled"),
        ("v1Token", "v1_token"),
        ("snake_case", "snake_case"),
        ("_private", "private"),
        ("trailing_", "trailing"),
        ("__proto__", "proto"),
        ("SCREAMING_CASE", "screaming_case"),
        // Nothing of these can stand in a name.
        ("", ""),
        ("_", ""),
        ("__", ""),
        ("-", ""),
        ("$", ""),
        ("@", ""),
        ("[]", ""),
        ("🦀", ""),
        ("👩‍👩‍👧", ""),
        ("\0", ""),
        ("\u{200d}", ""),
        // But something of these can.
        ("🦀crab", "crab"),
        ("crab🦀", "crab"),
        ("a🦀b", "a_b"),
        ("a\nb", "a_b"),
        ("a\tb", "a_b"),
        ("a\u{a0}b", "a_b"),
    ] {
        assert_eq!(namer.field(wire), rust, "{wire:?}");
    }
}

#[test]
fn known_words_are_one_word() {
    let namer = Namer::new(["OneDrive", "IDs", "OoO", "SharePoint"].map(str::to_owned).to_vec());
    for (wire, rust) in [
        ("OneDriveAccess", "onedrive_access"),
        ("HasOneDrive", "has_onedrive"),
        ("OneDrive", "onedrive"),
        ("oneDrive", "one_drive"),
        ("userIDs", "user_ids"),
        ("IDs", "ids"),
        ("SetOoO", "set_ooo"),
        ("OoOMessage", "ooo_message"),
        ("SharePointOneDrive", "sharepoint_onedrive"),
        // A known word at the beginning of a longer one is not that word.
        ("OneDriver", "one_driver"),
        ("SharePoints", "share_points"),
    ] {
        assert_eq!(namer.field(wire), rust, "{wire:?}");
    }
    assert_eq!(namer.type_name("OneDriveAccess"), "OnedriveAccess");
    assert_eq!(namer.constant("OneDriveAccess"), "ONEDRIVE_ACCESS");
}

#[test]
fn the_real_words() {
    let Some(words) = real_words() else {
        println!("spec/ is not there: this is the packaged crate, and the real words were not looked at");
        return;
    };
    let namer = Namer::new(words.clone());
    for (wire, rust) in [
        ("OneDriveAccess", "onedrive_access"),
        ("SharePointUrl", "sharepoint_url"),
        ("userIDs", "user_ids"),
        ("RemoveMFADevices", "remove_mfa_devices"),
        ("WinGetId", "winget_id"),
        ("BitLockerKey", "bitlocker_key"),
    ] {
        assert_eq!(namer.field(wire), rust, "{wire:?}");
    }
    for word in &words {
        let name = namer.field(word);
        assert!(!name.contains('_'), "{word} is split: {name}");
        assert_eq!(name, word.to_lowercase());
    }
}

#[test]
fn words_without_letters_do_no_harm() {
    let namer = Namer::new(["", "_", "é", "OneDrive"].map(str::to_owned).to_vec());
    assert_eq!(namer.field("OneDriveURL"), "onedrive_url");
    assert_eq!(namer.field("Été"), "été");
}

#[test]
fn types() {
    let namer = Namer::default();
    for (text, rust) in [
        ("users", "Users"),
        ("conditional_access", "ConditionalAccess"),
        ("ListUsers", "ListUsers"),
        ("listMFAUsers", "ListMfaUsers"),
        ("2fa", "_2fa"),
        ("self", "Self_"),
        ("имя", "Имя"),
        ("", ""),
        ("_", ""),
        ("🦀", ""),
    ] {
        assert_eq!(namer.type_name(text), rust, "{text:?}");
    }
}

#[test]
fn constants() {
    let namer = Namer::default();
    for (value, rust) in [
        ("", "EMPTY"),
        ("-", "EMPTY"),
        ("🦀", "EMPTY"),
        ("Add", "ADD"),
        ("add", "ADD"),
        ("syncDevice", "SYNC_DEVICE"),
        ("Sync device", "SYNC_DEVICE"),
        ("self", "SELF"),
        ("type", "TYPE"),
        ("1.5", "_1_5"),
        ("-1", "_1"),
        ("2fa", "_2FA"),
        ("имя", "ИМЯ"),
        ("straße", "STRASSE"),
    ] {
        assert_eq!(namer.constant(value), rust, "{value:?}");
    }
}

/// A specification of one action with these properties.
fn api(properties: &str) -> Api {
    let folder = Folder::bare();
    let action = format!(
        "category: Things\nmodule: things\nsummary: Things.\nactions:\n  SetThing:\n    title: Set Thing\n    method: POST\n    \
         path: /api/SetThing\n    call: set\n    kind: write\n    role: CIPP.Core.ReadWrite\n    tenant: none\n    \
         summary: Set it.\n    properties:\n{properties}    outputs: results\n    source: Invoke-SetThing.ps1\n"
    );
    fs::write(folder.spec().join("actions/things.yaml"), action).unwrap();
    load(&folder.spec()).api
}

#[test]
fn constants_of_one_type_are_apart() {
    let api = api("      mode: { values: [Add, add, ADD, add-2, '', '-', 'add 2'] }\n");
    let choices: Vec<_> = api
        .types
        .iter()
        .filter_map(|def| match &def.body {
            Body::Choice(choice) => Some(choice),
            Body::Struct(_) => None,
        })
        .flat_map(|choice| &choice.values)
        .map(|value| (value.value.as_str(), value.constant.as_str()))
        .collect();
    assert_eq!(
        choices,
        [
            ("Add", "ADD"),
            ("add", "ADD_2"),
            ("ADD", "ADD_3"),
            ("add-2", "ADD_2_2"),
            ("", "EMPTY"),
            ("-", "EMPTY_2"),
            ("add 2", "ADD_2_3"),
        ]
    );
}

/// Fields share their struct with what is generated for every struct.
#[test]
fn fields_keep_apart_from_what_every_struct_has() {
    let api = api(
        "      extra: string\n      new: string\n      default: string\n      table: string\n      other: string\n",
    );
    let properties = &api.categories[0].actions[0].properties;
    let names: Vec<_> = properties.iter().map(|property| property.field.rust.as_str()).collect();
    assert_eq!(names, ["extra_", "new_", "default_", "table_", "other"]);
}

#[test]
fn types_on_the_spot_are_named_after_their_place() {
    let api = api("      2fa: { fields: { id: string } }\n      who: { values: [me, you] }\n");
    let names: Vec<_> = api.types.iter().filter(|def| def.needed).map(|def| def.name.as_str()).collect();
    assert_eq!(names, ["SetThing2fa", "SetThingWho"]);
}

/// Whatever comes in, what comes out is empty or a name.
#[test]
fn what_comes_out_is_a_name() {
    let namer = Namer::new(vec!["OneDrive".to_owned()]);
    let letters = ['a', 'B', '_', '1', '$', ' ', '🦀', 'é', 'ß', 'İ', 'ŉ', 'ǅ', '\u{301}', '\u{200d}', '·', '漢', '\0'];
    for first in letters {
        for second in letters {
            for third in letters {
                let wire: String = [first, second, third].iter().collect();
                for name in [namer.field(&wire), namer.type_name(&wire), namer.constant(&wire)] {
                    assert!(name.is_empty() || is_identifier(&name), "{wire:?} becomes {name:?}");
                    assert!(
                        name.is_empty() || syn::parse_str::<syn::Ident>(&raw(&name)).is_ok(),
                        "{wire:?} becomes {name:?}"
                    );
                }
            }
        }
    }
}

fn raw(name: &str) -> String {
    if is_keyword(name) { format!("r#{name}") } else { name.to_owned() }
}

#[test]
fn keywords_are_those_of_rust() {
    for word in
        ["type", "match", "async", "await", "gen", "dyn", "try", "yield", "box", "macro", "abstract", "override"]
    {
        assert!(is_keyword(word), "{word}");
        assert!(is_identifier(word), "{word} is a name as r#{word}");
    }
    // These are no names in any form.
    for word in ["self", "Self", "super", "crate", "_", "", "1a", "a-b", "a b", "🦀"] {
        assert!(!is_identifier(word), "{word:?}");
    }
    for word in ["union", "auto", "default", "raw", "a", "_a", "имя"] {
        assert!(!is_keyword(word) && is_identifier(word), "{word}");
    }
}
