//! Scheduled tasks: kept in the portal, run when they are due.
//!
//! A due task takes two steps, `Planned` to `Running` to `Completed`, one each time somebody lists the tasks; so a client that polls
//! sees all states. Moving the clock runs what came due to its end.

use crate::clock::iso;
use crate::effects::{accounts, apps, offboard, security};
use crate::project;
use crate::world::{Fields, Record, World, record};
use serde_json::{Value, json};

/// What a task is made of.
#[derive(Debug, Default)]
pub(crate) struct NewTask {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) command: String,
    pub(crate) tenant: String,
    pub(crate) parameters: Value,
    /// When to run; `None` for at once.
    pub(crate) due: Option<i64>,
    pub(crate) recurrence: String,
    pub(crate) notify: Option<Record>,
    pub(crate) reference: Option<String>,
    pub(crate) hidden: bool,
}

/// Adds a task, in place of one with the same id, and says so as the real server does.
pub(crate) fn add(world: &mut World, task: NewTask) -> String {
    let now = world.now;
    let due = task.due.unwrap_or(now);
    let once = matches!(task.recurrence.as_str(), "" | "0");
    let channels = ["webhook", "email", "psa"];
    let told = |channel: &&&str| {
        task.notify.as_ref().is_some_and(|notify| project::lookup(notify, channel) == Some(&Value::Bool(true)))
    };
    let notify: Vec<&str> = channels.iter().filter(told).copied().collect();
    let row = record(json!({
        "RowKey": task.id,
        "PartitionKey": "ScheduledTask",
        "Name": task.name,
        "TaskState": "Planned",
        "Tenant": { "label": task.tenant, "value": task.tenant, "type": "Tenant" },
        "Command": task.command,
        "Parameters": task.parameters,
        "ScheduledTime": iso(due),
        "ExecutedTime": null,
        "Recurrence": if once { "Once" } else { task.recurrence.as_str() },
        "Results": "Not executed yet",
        "PostExecution": notify.join(","),
        "Reference": task.reference,
        "Hidden": task.hidden,
        "Timestamp": iso(now),
        "_due": due,
        "_period": period(&task.recurrence),
        "_results": [],
    }));
    world.portal.tasks.retain(|other| other.text("RowKey") != task.id);
    world.portal.tasks.push(row);
    match task.due {
        None => format!("Task {} scheduled to run now", task.name),
        Some(due) => {
            format!("Successfully added task: {}. It will run in {} minutes.", task.name, (due - now).max(0) / 60)
        }
    }
}

/// Lets every due task take one step.
pub(crate) fn step(world: &mut World) {
    for id in due(world) {
        let running = with(world, &id, |task| {
            let running = task.text("TaskState") == "Running";
            task.put("TaskState", "Running");
            running
        });
        if running {
            run(world, &id);
        }
    }
}

/// Runs every due task to its end, and those that come due by that.
pub(crate) fn run_due(world: &mut World) {
    apps::deploy_due(world);
    // A task that repeats could be due again for ever; nobody moves the clock by more than this many repeats.
    for _ in 0..1000 {
        let due = due(world);
        if due.is_empty() {
            break;
        }
        for id in due {
            run(world, &id);
        }
    }
}

fn due(world: &World) -> Vec<String> {
    let now = world.now;
    let waiting = |task: &&Record| matches!(task.text("TaskState"), "Planned" | "Running") && task.int("_due") <= now;
    world.portal.tasks.iter().filter(waiting).map(|task| task.text("RowKey").to_owned()).collect()
}

/// Does something with a task; the default where it is gone.
fn with<T: Default>(world: &mut World, id: &str, act: impl FnOnce(&mut Record) -> T) -> T {
    world.portal.tasks.iter_mut().find(|task| task.text("RowKey") == id).map(act).unwrap_or_default()
}

fn run(world: &mut World, id: &str) {
    let task = with(world, id, |task| task.clone());
    let tenant = task
        .get("Tenant")
        .and_then(|tenant| tenant.get("value"))
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let parameters = task.get("Parameters").cloned().unwrap_or_default();
    let results = match task.text("Command") {
        "Invoke-CIPPOffboardingJob" => offboard::run(world, &tenant, &parameters, id),
        "New-CIPPUserTask" => accounts::run_creation(world, &tenant, &parameters, id),
        "Set-CIPPCAExclusion" => security::run_exclusion(world, &tenant, &parameters),
        "New-CIPPBackup" => {
            let backup = crate::world::Portal::backup("CIPP", world.now);
            let name = backup.text("BackupName").to_owned();
            world.portal.backups.push(backup);
            vec![format!("Created backup {name}")]
        }
        command => vec![format!("{command} ran.")],
    };
    let now = world.now;
    let message = format!("Executed task {}", task.text("Name"));
    world.portal.log(now, &tenant, "Scheduler", "Info", &message);
    with(world, id, |task| {
        task.put("ExecutedTime", iso(now));
        task.put("Results", results.join("\n"));
        task.put("_results", results);
        let period = task.int("_period");
        if period > 0 {
            let next = task.int("_due") + period;
            task.put("_due", next);
            task.put("ScheduledTime", iso(next));
            task.put("TaskState", "Planned");
        } else {
            task.put("TaskState", "Completed");
        }
    });
}

/// Seconds between two runs; 0 for a task that runs once.
fn period(recurrence: &str) -> i64 {
    let Some(unit) = recurrence.chars().last() else { return 0 };
    let number: i64 = recurrence.trim_end_matches(unit).parse().unwrap_or_default();
    match unit {
        'm' => number * 60,
        'h' => number * 3600,
        'd' => number * 86_400,
        _ => 0,
    }
}

/// The answer of `ListScheduledItemDetails` to one task.
pub(crate) fn details(task: &Record) -> Value {
    let when = task.get("ExecutedTime").cloned().unwrap_or_default();
    let details = if task.list("_results").is_empty() {
        json!([])
    } else {
        json!([{ "Timestamp": when, "Tenant": task.get("Tenant").and_then(|tenant| tenant.get("value")), "Results": task.list("_results") }])
    };
    json!({ "Task": project::visible(&Value::Object(task.clone())), "Details": details })
}
