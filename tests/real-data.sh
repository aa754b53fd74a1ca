#!/usr/bin/env bash
# Holds a built onefold against data that other people really have: real-data.sh BINARY DATA_DIR.
# The data stays where it is; stores and manifests are made in a folder that vanishes. Exit 0 where all holds; prints what does not.
set -euo pipefail

if [ $# -ne 2 ]; then
    echo "usage: real-data.sh BINARY DATA_DIR" >&2
    exit 2
fi
binary=$(realpath "$1")
sources=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 - "$binary" "$sources" "$folder" <<'PYTHON'
import json, os, pathlib, subprocess, sys

binary, sources, folder = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
os.environ.pop("ONEFOLD_STORE", None)
held, missed = 0, []


def check(what, got, wanted):
    global held
    if got == wanted:
        held += 1
    else:
        missed.append(f"{what}: got {got!r}, wanted {wanted!r}")


class Store:
    """A store of its own, in a folder with the manifest that describes it."""

    def __init__(self, name, manifest):
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        self.write("onefold.toml", manifest)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def run(self, *arguments):
        command = [binary, "--store", str(self.folder / "store.db"), *map(str, arguments)]
        ran = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if ran.returncode not in (0, 3, 4):
            missed.append(f"{self.name}: {' '.join(map(str, arguments))}: exit {ran.returncode}: {ran.stderr.strip()[:300]}")
        return ran

    def ask(self, *arguments, code=0):
        ran = self.run(*arguments, "--json")
        what = f"{self.name}: {' '.join(map(str, arguments))}"
        check(f"{what}: exit", ran.returncode, code)
        try:
            return json.loads(ran.stdout)
        except ValueError:
            missed.append(f"{what}: no JSON: {ran.stdout[:100]!r}")
            return {}

    def load(self, *arguments):
        """Imports, and holds the rows to account: none is lost, and the store is whole."""
        ran = self.run("import", *(arguments or [self.folder]), "--json")
        check(f"{self.name}: import: exit is 0 or 4", ran.returncode in (0, 4), True)
        try:
            answer = json.loads(ran.stdout)
        except ValueError:
            missed.append(f"{self.name}: import: no JSON: {ran.stdout[:100]!r} {ran.stderr.strip()[:300]!r}")
            answer = {"datasets": []}
        for dataset in answer["datasets"]:
            parts = dataset["accepted"] + dataset["rejected"] + dataset["duplicates"]
            check(f"{self.name}: {dataset['name']}: accepted + rejected + duplicates", parts, dataset["read"])
        rejected = sum(dataset["rejected"] for dataset in answer["datasets"])
        check(f"{self.name}: import: exit 4 where rows are rejected", ran.returncode, 4 if rejected else 0)
        self.read = {dataset["name"]: dataset["read"] for dataset in answer["datasets"]}
        if rejected:
            lines = pathlib.Path(answer["rejects"]).read_text().splitlines()
            check(f"{self.name}: lines of the rejects file", len(lines), rejected)
        self.whole()
        return answer

    def whole(self):
        check(f"{self.name}: check: exit", self.run("check").returncode, 0)


def namespaces(*declared):
    return "".join(
        f'[[namespace]]\ncode = "{code}"\ntype = "{kind}"\nunique = {str(unique).lower()}\npriority = {place}\n'
        for place, (code, kind, unique) in enumerate(declared, 1)
    )


def dataset(name, kind, path, identities, more=""):
    lines = "".join(f'"{field}" = "{namespace}"\n' for field, namespace in identities.items())
    head = f'[[dataset]]\nname = "{name}"\nkind = "{kind}"\nfiles = ["{sources / path}"]\n{more}\n'
    return head + (f"[dataset.identities]\n{lines}" if lines else "")


def luma(is_unique):
    crm, loyalty = (f"_yourOrganizationID.systemIdentifier.{key}" for key in ("crmId", "loyaltyId"))
    return (
        namespaces(("lumaCrmId", "CROSS_DEVICE", is_unique), ("loyaltyId", "CROSS_DEVICE", False), ("ECID", "COOKIE", False))
        + dataset("crm", "record", "luma/luma-crm.json", {crm: "lumaCrmId"})
        + dataset("loyalty", "record", "luma/luma-loyalty.json", {loyalty: "loyaltyId", crm: "lumaCrmId"}, 'primary = "loyaltyId"')
        + dataset("store", "event", "luma/luma-offline-purchases.json", {loyalty: "loyaltyId"})
        + dataset("web", "event", "luma/luma-web-events.json", {})
        + '[[policy]]\nname = "CRM first"\nmethod = "dataSetPrecedence"\norder = ["crm", "loyalty", "store", "web"]\n'
    )


def superseded_by_another(store):
    """Whether the card that two people hold shows the record that was taken over."""
    shown = store.ask("show", "--explain", "loyaltyId:5625458")
    old = [version for leaf in shown.get("explain", {}).values() for version in leaf["superseded"]]
    check(f"{store.name}: some version is superseded", bool(old), True)
    check(f"{store.name}: some version was taken over", any(version["takenOver"] for version in old), True)


def luma_plain():
    store = Store("luma", luma(False))
    answer = store.load()
    check("luma: rows of each dataset", store.read, {"crm": 1002, "loyalty": 1001, "store": 1001, "web": 1001})
    check("luma: rows", sum(store.read.values()), 4005)
    check("luma: rejected", [d["rejected"] for d in answer["datasets"]], [0, 0, 0, 0])
    check("luma: identities", answer.get("identities"), 3001)
    check("luma: profiles", answer.get("profiles"), 1309)
    check("luma: duplicates", [d["duplicates"] for d in answer["datasets"]], [1, 0, 0, 0])
    stats = store.ask("stats")
    check("luma: stats: profiles", stats.get("profiles"), 1309)
    together = {tuple(sorted(row["datasets"])): row["profiles"] for row in stats.get("datasetOverlap", [])}
    check("luma: datasets together", together, {("crm", "loyalty", "store", "web"): 690, ("crm", "web"): 310, ("loyalty", "store"): 309})
    superseded_by_another(store)
    wrights = [f"lumaCrmId:{value}" for value in ("970c8c01ed6c42e95f59b3a4cb3401d4", "c1f7fb1532a22c80c3f1958448ea1a4f")]
    why = store.ask("why", *wrights)
    check("luma: the two Wrights are linked by their card", (why.get("linked"), len(why.get("path", []))), (True, 2))
    check("luma: the path's source lines", sorted(link["line"] for link in why.get("path", [])), [1, 992])
    compared = store.ask("compare", "loyaltyId:5625458", "--policies", "Latest wins,CRM first")
    check("luma: compare: policies", compared.get("policies"), ["Latest wins", "CRM first"])
    check("luma: search: a phone of two persons", store.ask("search", "719-933-0478").get("total"), 2)
    again = store.load()
    check("luma: the same files again: accepted", sum(d["accepted"] for d in again["datasets"]), 0)
    check("luma: the same files again: profiles", again.get("profiles"), 1309)
    store.ask("dataset", "delete", "loyalty")
    store.whole()
    check("luma: profiles once loyalty is in again", store.load().get("profiles"), 1309)


def luma_unique():
    store = Store("luma-unique", luma(True))
    answer = store.load()
    check("luma-unique: profiles", answer.get("profiles"), 1310)
    check("luma-unique: rows", sum(store.read.values()), 4005)
    superseded_by_another(store)
    wrights = [f"lumaCrmId:{value}" for value in ("970c8c01ed6c42e95f59b3a4cb3401d4", "c1f7fb1532a22c80c3f1958448ea1a4f")]
    why = store.ask("why", *wrights)
    check("luma-unique: the two Wrights are apart, for a reason", (why.get("linked"), bool(why.get("removed"))), (False, True))


def finwise():
    manifest = namespaces(("CRMID", "CROSS_DEVICE", True), ("Email", "EMAIL", False))
    for name in ("finwise_profiles", "sample_crm_data"):
        manifest += dataset(name, "record", f"finwise/{name}.csv", {"crmId": "CRMID"})
    manifest += '[[policy]]\nname = "First file"\nmethod = "dataSetPrecedence"\norder = ["finwise_profiles", "sample_crm_data"]\n'
    store = Store("finwise", manifest)
    answer = store.load()
    check("finwise: rows", store.read, {"finwise_profiles": 5, "sample_crm_data": 10})
    check("finwise: profiles", answer.get("profiles"), 10)
    compared = store.ask("compare", "CRMID:FIN002", "--policies", "Latest wins,First file")
    differing = sorted(field["path"] for field in compared.get("fields", []) if field["differs"])
    check("finwise: what the policies disagree on", differing, ["annualIncome", "email", "firstName"])


def sql_idr():
    people = {"email": "Email", "phone": "Phone"}
    manifest = namespaces(*((code, "CROSS_DEVICE", False) for code in ("Customer", "Order", "Sale", "Loyalty")), ("Email", "EMAIL", False), ("Phone", "PHONE", False))
    nulls = '[dataset.nulls]\nany = [""]\n'
    manifest += dataset("crm", "record", "sql-idr/sample_crm_customers.csv", {"customer_id": "Customer", "loyalty_id": "Loyalty", **people}, 'primary = "Customer"') + nulls
    manifest += dataset("orders", "record", "sql-idr/sample_orders.csv", {"order_id": "Order", "customer_email": "Email", "contact_phone": "Phone"}, 'primary = "Order"') + nulls
    manifest += dataset("sales", "record", "sql-idr/sample_pos_transactions.csv", {"transaction_id": "Sale", "loyalty_card_id": "Loyalty", "contact_phone": "Phone"}, 'primary = "Sale"') + nulls
    store = Store("sql-idr", manifest)
    answer = store.load()
    check("sql-idr: rows", store.read, {"crm": 10, "orders": 10, "sales": 10})
    check("sql-idr: identities, profiles", (answer.get("identities"), answer.get("profiles")), (54, 10))


def grouparoo():
    manifest = namespaces(*((code, "CROSS_DEVICE", False) for code in ("User", "Purchase")), ("Email", "EMAIL", False), ("Account", "NON_PEOPLE", False))
    manifest += dataset("users", "record", "grouparoo/users.csv", {"id": "User", "email": "Email"}, 'primary = "User"')
    manifest += dataset("purchases", "record", "grouparoo/purchases.csv", {"id": "Purchase", "user_id": "User"}, 'primary = "Purchase"')
    store = Store("grouparoo", manifest)
    answer = store.load()
    check("grouparoo: rows", store.read, {"users": 1000, "purchases": 1000})
    check("grouparoo: no orphan", answer.get("profiles"), 1000)
    store.write("payments.toml", 'kind = "record"\nprimary = "Account"\n[identities]\naccount_id = "Account"\n')
    answer = store.load(sources / "grouparoo/payments.csv", "--map", store.folder / "payments.toml")
    check("grouparoo: payments", store.read, {"payments": 1000})
    check("grouparoo: each account that paid is one profile more", answer.get("profiles"), 1050)


def segment():
    store = Store("segment", "")
    calls = [json.loads(line) for line in (sources / "segment/payloads.jsonl").read_text().splitlines()]
    identities = '[identities]\nuserId = "userId"\nanonymousId = "anonymousId"\npreviousId = "userId"\n'
    store.write("identify.toml", f'kind = "record"\n{identities}')
    store.write("track.toml", f'kind = "event"\ntime = "timestamp"\n{identities}')
    read = 0
    for name, kinds in (("identify", ["identify", "group", "alias"]), ("track", ["track", "page", "screen"])):
        lines = [json.dumps(call) for call in calls if call["type"] in kinds]
        store.write(f"{name}.jsonl", "\n".join(lines))
        store.load(store.folder / f"{name}.jsonl", "--map", store.folder / f"{name}.toml")
        check(f"segment: {name}: rows", store.read, {name: len(lines)})
        read += len(lines)
    check("segment: calls", read, 71)


def xdm():
    store = Store("xdm", "")
    instances = [json.loads(line)["instance"] for line in (sources / "xdm/examples.jsonl").read_text().splitlines()]
    store.write("examples.jsonl", "\n".join(map(json.dumps, instances)))
    store.load(store.folder / "examples.jsonl", "--kind", "record", "--keep-unidentified")
    check("xdm: rows", store.read, {"examples": 953})
    page = store.ask("search", "--limit", "1000")
    for profile in page.get("profiles", [])[::50]:
        store.ask("show", profile["entityId"], "--explain")


def understood():
    """What nobody describes: each folder and file as it is, read as a person would read it."""

    def world(name, *paths):
        store = Store(f"as-is-{name}", "")
        plan = store.ask("import", "--dry-run", *paths)
        store.plan = {dataset["name"]: dataset for dataset in plan.get("datasets", [])}
        store.answer = store.load(*paths)
        return store

    def identities(store, dataset):
        found = store.plan.get(dataset, {}).get("identities", [])
        return {field["from"]: field["to"] for field in found}

    store = world("finwise", sources / "finwise")
    check("finwise as it is: identities", identities(store, "finwise_profiles"), {"crmId": "CRMID", "email": "Email"})
    check("finwise as it is: rows", store.read, {"finwise_profiles": 5, "sample_crm_data": 10})
    check("finwise as it is: profiles", store.answer.get("profiles"), 10)

    store = world("sql-idr", sources / "sql-idr")
    kinds = {name: dataset["kind"] for name, dataset in store.plan.items()}
    check("sql-idr as it is: kinds", kinds, {"sample_crm_customers": "record", "sample_orders": "event", "sample_pos_transactions": "event"})
    check("sql-idr as it is: orders", identities(store, "sample_orders"), {"customer_email": "Email", "contact_phone": "Phone"})
    check("sql-idr as it is: rows", sum(store.read.values()), 30)
    check("sql-idr as it is: profiles", store.answer.get("profiles"), 10)

    store = world("grouparoo", sources / "grouparoo/users.csv", sources / "grouparoo/purchases.csv")
    check("grouparoo as it is: purchases join the users", identities(store, "purchases").get("user_id"), "users.id")
    check("grouparoo as it is: users", identities(store, "users"), {"id": "users.id", "email": "Email"})
    check("grouparoo as it is: no orphan", store.answer.get("profiles"), 1000)
    store = world("grouparoo-folder", sources / "grouparoo")
    check("grouparoo as it is: what has persons", sorted(store.read), ["admins", "purchases", "records", "users"])
    check("grouparoo as it is: profiles of users, records and admins", store.answer.get("profiles"), 1000 + 999 + 25)

    for name, profiles in (("1-basic-test", 3), ("5-ranking-test", 25), ("6-actors-test", 6)):
        store = world(f"unomi-{name}", sources / f"unomi/{name}.csv")
        check(f"unomi as it is: {name}: profiles", store.answer.get("profiles"), profiles)
    store = world("unomi", sources / "unomi")
    check("unomi as it is: profiles", store.answer.get("profiles"), 3 + 25 + 6)

    store = world("luma", sources / "luma")
    ids = "_yourOrganizationID.systemIdentifier"
    check("luma as it is: loyalty", identities(store, "luma-loyalty"), {f"{ids}.loyaltyId": "loyaltyId", f"{ids}.crmId": "lumaCrmId"})
    check("luma as it is: purchases", store.plan["luma-offline-purchases"]["kind"], "event")
    check("luma as it is: the catalogue is left alone", "luma-product-catalog" in store.plan, False)
    check("luma as it is: rows", sum(store.read.values()), 4005 + 3)
    # One phone number of two persons joins them, beside what the keys say.
    check("luma as it is: profiles", store.answer.get("profiles"), 1308)

    for name in ("finwise", "sql-idr", "grouparoo", "unomi"):
        saved = Store(f"saved-{name}", "")
        saved.run("import", sources / name, "--dry-run", "--save-map", saved.folder / "onefold.toml", "--overwrite")
        again = saved.load()
        check(f"{name}: the saved mapping reads the same", again.get("profiles"), {"finwise": 10, "sql-idr": 10, "grouparoo": 2024, "unomi": 34}[name])


for run in (luma_plain, luma_unique, finwise, sql_idr, grouparoo, segment, xdm, understood):
    try:
        run()
    except Exception as surprise:  # one world's surprise must not hide the others
        missed.append(f"{run.__name__}: {surprise!r}")
print("\n".join(missed[:60]))
print(f"{held} of {held + len(missed)} hold")
sys.exit(bool(missed))
PYTHON
