//! `onefold open`: the interface at an address, such as a breadcrumb that was copied from it.

use anyhow::Result;
use clap::Args;

use crate::cli::error::CliError;
use crate::cli::exit::Then;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::lookup;
use crate::model::{Address, Found, Moment, Route};
use crate::store::View;

/// What `open` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
An identity opens its profile. In the interface `y a` copies the breadcrumb.

Examples:
  onefold open Email:ana@example.com
  onefold open 'onefold › graph › CRMID:C-1'
  onefold open 'timeline > CRMID:C-1'
  onefold open 'search > city:lagos tier:gold'
  onefold open overview")]
pub struct OpenArgs {
    /// An identity, or a breadcrumb: the place, whom it is about, and what is looked at there
    #[arg(allow_hyphen_values = true)]
    address: String,
}

impl OpenArgs {
    /// The address, understood.
    pub fn address(&self) -> Result<Address, CliError> {
        self.address.parse().map_err(CliError::Usage)
    }
}

/// Looks whom the address is about, before the terminal is taken.
pub fn run(args: &OpenArgs, global: &Global, out: &mut Output<'_>) -> Result<Then> {
    let address = args.address()?;
    match global.ask(out, |view| known(address, view))? {
        Ok(address) => Ok(Then::Open(address)),
        Err(miss) => {
            let exit = out.miss(&miss)?;
            if args.address.trim_end().ends_with('…') {
                out.note(
                    "the address seems cut, as a narrow screen shows it; `y a` copies it whole",
                );
            }
            Ok(Then::End(exit))
        }
    }
}

/// The address with its identity as the store writes it, or why there is no such identity.
fn known(address: Address, view: View<'_>) -> Result<Found<Address>> {
    let Some(identity) = address.route.subject() else {
        return Ok(Ok(address));
    };
    let subject = match lookup::subject(view, identity, Moment::MAX)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    let route = Route::to(address.route.place(), Some(&subject.requested));
    Ok(Ok(Address {
        route: route.unwrap_or_default(),
        ..address
    }))
}
