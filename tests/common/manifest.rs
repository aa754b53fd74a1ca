//! What the manifests of several tests are made of: `concat!` joins the parts to one text.
#![allow(unused_macros, unused_imports, reason = "each test file uses its part")]

/// A namespace, with the lines that follow its type.
macro_rules! namespace {
    ($code:literal, $kind:literal $(, $line:literal)* $(,)?) => {
        concat!(
            "[[namespace]]\ncode = \"", $code, "\"\ntype = \"", $kind, "\"\n"
            $(, $line, "\n")*
        )
    };
}

/// The key of a customer, of which a person has one.
macro_rules! customer {
    () => {
        namespace!("CRMID", "CROSS_DEVICE", "unique = true", "priority = 1")
    };
}

/// A customer, an e-mail address, a browser.
macro_rules! people {
    () => {
        concat!(
            customer!(),
            namespace!("Email", "EMAIL", "priority = 2"),
            namespace!("ECID", "COOKIE", "priority = 3")
        )
    };
}

/// A dataset of such files, with the lines that follow.
macro_rules! dataset {
    ($name:literal, $kind:literal, $files:literal $(, $line:literal)* $(,)?) => {
        concat!(
            "[[dataset]]\nname = \"", $name, "\"\nkind = \"", $kind, "\"\nfiles = [\"", $files, "\"]\n"
            $(, $line, "\n")*
        )
    };
}

pub(crate) use {customer, dataset, namespace, people};
