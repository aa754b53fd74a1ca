//! Exports: profiles written into files of their own, while everything else goes on.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;

use super::answer::{now, sentence};
use super::lane::{Interrupt, Lane};
use super::{Answer, ExportOrder, Notice, Question, reply};
use crate::lookup::mask::Mask;
use crate::lookup::{self, ExportError, ExportForm, ExportRequest};
use crate::model::{ExportAnswer, Reasons};
use crate::store::{Reader, StoreError};

/// How often is told how far it is.
const PAUSE: Duration = Duration::from_millis(100);

/// Writes what is asked for, one file after the other.
pub(super) fn write_out(lane: &Lane, store: &Path, notices: &Sender<Notice>) {
    let mut reader: Option<Reader> = None;
    loop {
        let interrupter = || -> Interrupt {
            if reader.is_none() {
                reader = Reader::open(store).ok();
            }
            match &reader {
                Some(reader) => {
                    let handle = reader.interrupter();
                    Box::new(move || handle.interrupt())
                }
                None => Box::new(|| ()),
            }
        };
        let Some(job) = lane.next(interrupter) else {
            return;
        };
        let start = Instant::now();
        let answer = match (job.question.as_ref(), &reader) {
            (Question::Export(order), Some(reader)) => {
                written(reader, order, notices).map_err(|error| sentence(&error))
            }
            _ => Err(StoreError::Missing(store.to_owned()).to_string()),
        };
        reply(lane, job, answer, start, notices);
    }
}

fn written(
    reader: &Reader,
    order: &ExportOrder,
    notices: &Sender<Notice>,
) -> Result<Answer, ExportError> {
    let request = ExportRequest {
        who: order.who.clone(),
        limit: None,
        form: ExportForm {
            format: order.format,
            fields: Vec::new(),
            reasons: Reasons::Hidden,
            mask: if order.is_masked {
                Mask::on()
            } else {
                Mask::Off
            },
        },
        now: now(),
    };
    let mut told = Instant::now();
    let mut progress = |profiles| {
        if told.elapsed() >= PAUSE {
            told = Instant::now();
            let _ = notices.send(Notice::Exporting(profiles));
        }
        ControlFlow::Continue(())
    };
    let exported = reader.snapshot(|view| {
        let policy = lookup::policy_named(view, Some(&order.policy))?;
        lookup::export_into(&order.file, view, &request, &policy, &mut progress)
    })?;
    Ok(Answer::Exported(ExportAnswer {
        profiles: exported.profiles,
        file: order.file.display().to_string(),
    }))
}
