//! Decoding a large user list: the generated lenient types against strict serde derive, which drops what it does not know.
//!
//! `cargo bench --bench decode` prints the median time of each, the ratio, and the memory: at its most, and with the result in hand.
//! The time is told twice: of the first list that a process reads, and of those after it, which find memory that the first has left.
//! `MEGABYTES`, `ROUNDS` in a process and `TURNS` of processes make it smaller; `ONLY=0` is one process for a profiler.

#![allow(missing_docs, clippy::restriction, reason = "a measurement may stop where it stands")]

use bytes::Bytes;
use cipp_client::types::User;
use cipp_client::{DecodeContext, Listing, Output, Reply};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt::Write as _;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

/// What somebody would write by hand: the columns that the data has, and more where they are named.
macro_rules! strict {
    ($(#[$doc:meta])* $name:ident { $($more:ident)* }) => {
        $(#[$doc])*
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[allow(dead_code, reason = "only decoded")]
        struct $name {
            id: Option<String>,
            user_principal_name: Option<String>,
            display_name: Option<String>,
            given_name: Option<String>,
            surname: Option<String>,
            mail: Option<String>,
            mail_nickname: Option<String>,
            account_enabled: Option<bool>,
            user_type: Option<String>,
            usage_location: Option<String>,
            job_title: Option<String>,
            department: Option<String>,
            company_name: Option<String>,
            city: Option<String>,
            country: Option<String>,
            business_phones: Option<Vec<String>>,
            mobile_phone: Option<String>,
            proxy_addresses: Option<Vec<String>>,
            created_date_time: Option<String>,
            on_premises_sync_enabled: Option<bool>,
            assigned_licenses: Option<Vec<StrictLicense>>,
            $($more: Option<String>,)*
        }
    };
}

strict! {
    /// The columns of the data and no other.
    Columns {}
}

strict! {
    /// As many columns as the generated type has.
    Whole {
        age_group agent_identity_blueprint_id aliases assigned_plans authorization_info cloud_realtime_communication_info
        consent_provided_for_minor creation_type deleted_date_time device_keys employee_hire_date employee_id
        employee_leave_date_time employee_org_data employee_type external_user_converted_on external_user_state
        external_user_state_change_date_time fax_number identities identity_parent_id im_addresses info_catalogs
        is_license_reconciliation_needed is_management_restricted is_resource_account last_password_change_date_time
        last_sign_in_application last_sign_in_date last_sign_in_failure_reason last_sign_in_operation last_sign_in_result
        legal_age_group_classification license_names manager office_location on_premises_distinguished_name
        on_premises_domain_name on_premises_extension_attributes on_premises_immutable_id on_premises_last_sync_date_time
        on_premises_object_identifier on_premises_provisioning_errors on_premises_sam_account_name
        on_premises_security_identifier on_premises_sip_info on_premises_user_principal_name other_mails password_policies
        password_profile postal_code preferred_data_location preferred_language primary_domain provisioned_plans
        refresh_tokens_valid_from_date_time security_identifier service_provisioning_errors show_in_address_list
        sign_in_sessions_valid_from_date_time state street_address username
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "only decoded")]
struct StrictLicense {
    sku_id: Option<String>,
    disabled_plans: Option<Vec<String>>,
}

fn users(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 2048);
    text.push('[');
    let mut number = 0;
    while text.len() < bytes {
        if number > 0 {
            text.push(',');
        }
        write!(
            text,
            concat!(
                r#"{{"id":"{0:08x}-0000-4000-8000-{0:012x}","userPrincipalName":"user{0}@contoso.com","displayName":"User Number {0}","#,
                r#""givenName":"User","surname":"Number {0}","mail":"user{0}@contoso.com","mailNickname":"user{0}","accountEnabled":true,"#,
                r#""userType":"Member","usageLocation":"NL","jobTitle":"Engineer, level {1}","department":"Research","companyName":"Contoso","#,
                r#""city":"Utrecht","country":"Netherlands","businessPhones":["+31 30 {0}"],"mobilePhone":null,"#,
                r#""proxyAddresses":["SMTP:user{0}@contoso.com","smtp:user{0}@contoso.onmicrosoft.com"],"#,
                r#""createdDateTime":"2024-05-06T07:08:09Z","onPremisesSyncEnabled":null,"#,
                r#""assignedLicenses":[{{"skuId":"6fd2c87f-b296-42f0-b197-1e91e994b900","disabledPlans":[]}}]}}"#
            ),
            number,
            number % 7
        )
        .expect("writing to a string");
        number += 1;
    }
    text.push(']');
    text
}

/// Decodes some rounds in this process, and prints the seconds of the first and the median of the others, and the most memory and
/// what was left of it, in bytes.
fn rounds(decode: impl Fn(&Bytes) -> Box<dyn Any>, body: &Bytes) {
    let mut times: Vec<Duration> = (0..setting("ROUNDS", 9))
        .map(|_| {
            let start = Instant::now();
            black_box(decode(body));
            start.elapsed()
        })
        .collect();
    let first = times.remove(0);
    times.sort();
    let again = times.get(times.len() / 2).unwrap_or(&first);
    let kept = decode(body);
    println!("{} {} {} {}", first.as_secs_f64(), again.as_secs_f64(), memory("VmHWM"), memory("VmRSS"));
    drop(kept);
}

/// A line of what Linux says about this process, in bytes; 0 elsewhere.
fn memory(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
}

fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn ours(body: &Bytes) -> Box<dyn Any> {
    let reply = Reply::new(StatusCode::OK, HeaderMap::new(), body.clone());
    let (listing, warnings) = Listing::<User>::decode(&reply, &DecodeContext::new("bench")).expect("it decodes");
    assert!(warnings.is_empty());
    Box::new(listing)
}

fn strict<T: DeserializeOwned + 'static>(body: &Bytes) -> Box<dyn Any> {
    Box::new(serde_json::from_slice::<Vec<T>>(body).expect("it decodes"))
}

const KINDS: [&str; 3] = ["cipp-client", "serde derive, the same columns", "serde derive, all columns of the type"];

fn main() {
    let body = Bytes::from(users(setting("MEGABYTES", 25) * 1024 * 1024));
    // Each decodes in a process of its own: what one leaves in the allocator would be tidied up in the time of the other.
    match std::env::var("ONLY").as_deref() {
        Ok("0") => return rounds(ours, &body),
        Ok("1") => return rounds(strict::<Columns>, &body),
        Ok(_) => return rounds(strict::<Whole>, &body),
        Err(_) => {}
    }
    let mut times = [const { [const { Vec::new() }; 2] }; 3];
    let mut memory = [(0.0, 0.0); 3];
    for turn in 0..3 * setting("TURNS", 11) {
        let kind = turn % 3;
        let program = std::env::current_exe().expect("this program");
        let output = Command::new(program).env("ONLY", kind.to_string()).output().expect("it runs");
        let text = String::from_utf8(output.stdout).expect("a line of numbers");
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        times[kind][0].push(numbers[0]);
        times[kind][1].push(numbers[1]);
        memory[kind] = (numbers[2] / 1e6, numbers[3] / 1e6);
    }
    println!("{:.1} MB", body.len() as f64 / 1e6);
    println!(
        "{:<40} {:>9} {:>6} {:>6} {:>9} {:>6} {:>6} {:>9} {:>9}",
        "", "first, ms", "MB/s", "ratio", "again, ms", "MB/s", "ratio", "peak, MB", "kept, MB"
    );
    let medians = times.map(|both| {
        both.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
    });
    for (kind, name) in KINDS.iter().enumerate() {
        print!("{name:<40}");
        for (time, ours) in medians[kind].iter().zip(&medians[0]) {
            print!(" {:>9.1} {:>6.0} {:>6.2}", time * 1e3, body.len() as f64 / time / 1e6, ours / time);
        }
        let (peak, kept) = memory[kind];
        println!(" {peak:>9.0} {kept:>9.0}");
    }
    println!("ratio: cipp-client to this; limit 1. kept: the text and what became of it");
}
