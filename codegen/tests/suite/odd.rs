//! What is odd in a specification but right.

use crate::support::{Folder, generated, load, tests};
use std::collections::BTreeSet;
use std::fs;

/// Names and texts that are odd but right.
const ODD: &str = r##"
category: Odd
module: odd
summary: "Odd things: \"quoted\", `code`, <b>, [link], */ and //."
actions:
  ListOdd:
    title: List "Odd" \ Things
    method: GET
    path: /api/ListOdd
    call: r#await
    kind: read
    role: CIPP.Core.Read
    tenant: all_queued
    completion: queued
    summary: List "what" is `odd`, see https://example.com/[x] and C:\Users\{}.
    details: |
      Several lines,

      */ and a block of code:
          fn main() {}
      ```
      unclosed
    use_cases: [one, "two {}"]
    troubleshooting:
      - "#![deny(warnings)]"
    properties:
      tenantFilter: { type: Tenant, required: true, rust: tenant }
      type: { values: ["", Add, add, "{}", '"', '\', 2fa, 🦀, "a\nb", "a\tb"] }
      $filter: string
      "@odata.type": string
      2fa: { values: { on: "It's on.", off: } }
      "a`b": string
      "quote\"d": int
      "back\\slash": float
      self: bool
      with space: [string]
      имя: { map: [{ map: any }] }
      businessPhones[0]: string
      extra: string
      new: string
      default: { type: bool, send_false: true }
      table: { type: [int], as: csv }
      index: { as: json_text, fields: { index: string, value: string, name: { fields: { self: string } } } }
      value: { type: string, default: 12, sample: true }
      name: { type: object }
      r#fn: string
      mode: { fixed: 12 }
    outputs: { list: { map: OddTree }, envelope: Results, doc: "Rows.\nMore." }
    rows:
      - { field: '"', starts: "\\", means: queued }
    source: here
    since: 10
  SendOdd:
    title: Send
    method: POST
    path: /api/Send-Odd_$
    call: r#send
    kind: destructive
    role: CIPP.Core.ReadWrite
    tenant: many
    completion: ticket
    summary: Send.
    properties:
      all: { type: [OddTree], in: root, required: true }
      tenants: { type: [Tenant], in: query }
      password: { secret: true, in: query }
    outputs: { object: OddTree }
    outcome: { failed: ['"'], ok: ["\\"] }
    source: here
  DoOdd:
    title: Do
    method: POST
    path: /api/DoOdd
    call: do_it
    kind: write
    role: CIPP.Core.ReadWrite
    tenant: none
    summary: Do.
    outputs: bytes
    source: here
types:
  OddTree:
    summary: A tree.
    fields:
      children: [OddTree]
      by_name: { map: OddTree }
      secret: { type: [string], secret: true }
      kind: OddKind
  OddKind:
    summary: Its kind.
    values: { "": Nothing., "-": , oak: An oak. }
  OddEmpty:
    summary: Nothing in it.
    fields: {}
"##;

#[test]
fn odd_names_become_rust() {
    let folder = Folder::bare();
    let spec = folder.spec();
    // No `r#` is written in the format: the generator adds it.
    fs::write(spec.join("actions/odd.yaml"), ODD.replace("r#await", "await_them").replace("r#send", "send")).unwrap();
    let files = generated(&spec, None);
    let text = &files["odd.rs"];
    let file = syn::parse_file(text).unwrap();
    let mut seen = BTreeSet::new();
    for item in &file.items {
        if let syn::Item::Type(item) = item {
            assert!(seen.insert(item.ident.to_string()), "{} stands twice", item.ident);
        }
        if let syn::Item::Impl(item) = item
            && item.trait_.is_none()
        {
            let mut functions = BTreeSet::new();
            for function in &item.items {
                let syn::ImplItem::Fn(function) = function else { continue };
                let name = &function.sig.ident;
                assert!(functions.insert(name.to_string()), "a type has {name} twice");
            }
        }
        let syn::Item::Struct(item) = item else { continue };
        assert!(seen.insert(item.ident.to_string()), "{} stands twice", item.ident);
        let mut fields = BTreeSet::new();
        for field in &item.fields {
            if let Some(name) = &field.ident {
                assert!(fields.insert(name.to_string()), "{name} of {} stands twice", item.ident);
            }
        }
    }
    for name in [
        "ListOdd",
        "ListOddType",
        "ListOdd2fa",
        "ListOddIndex",
        "ListOddIndexName",
        "SendOdd",
        "DoOdd",
        "OddTree",
        "OddKind",
    ] {
        assert!(seen.contains(name), "{name} is not in {seen:?}");
    }
    assert!(!seen.contains("OddEmpty"), "nothing needs it");
    for piece in [
        "pub fn r#type(self, value: impl Into<ListOddType>) -> Self {",
        "pub fn default_(self, value: bool) -> Self {",
        "pub fn table_(self, value: impl IntoIterator<Item = impl Into<i64>>) -> Self {",
        "pub fn self_(self, value: bool) -> Self {",
        "pub fn _2fa(self, value: impl Into<ListOdd2fa>) -> Self {",
        "pub self_: Option<String>",
    ] {
        assert!(text.contains(piece), "{piece} is not in\n{text}");
    }
    // Texts of people stay in comments and literals.
    assert!(!file.items.iter().any(|item| matches!(item, syn::Item::Fn(_))));
}

#[test]
fn an_endpoint_may_be_newer_than_the_description() {
    let folder = Folder::of(&tests("bad_specs/base"));
    fs::write(folder.spec().join("upstream.lock"), "ListOther GET CIPP.Core.Read\n").unwrap();
    load(&folder.spec());
    // An endpoint with both methods is compared with its like.
    let both = "ListGood GET CIPP.Core.Read\nListGood POST CIPP.Core.ReadWrite\n";
    fs::write(folder.spec().join("upstream.lock"), both).unwrap();
    load(&folder.spec());
}
