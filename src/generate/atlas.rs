//! Names and places to draw people from: cultures with their names, countries with their cities.

use std::collections::HashMap;

use super::random::Random;

/// A name as it is written and as an e-mail address spells it.
#[derive(Clone, Debug)]
pub struct Name {
    /// As its owner writes it.
    pub text: &'static str,
    /// In lower-case ASCII.
    pub slug: String,
}

/// The names of a culture.
#[derive(Clone, Debug, Default)]
pub struct Culture {
    /// Women's given names.
    pub women: Vec<Name>,
    /// Men's given names.
    pub men: Vec<Name>,
    /// Family names.
    pub families: Vec<Name>,
}

/// A city with the pattern of its postal codes; `#` stands for a digit.
#[derive(Clone, Debug)]
pub struct City {
    /// As its people write it.
    pub name: &'static str,
    postal_pattern: &'static str,
}

/// A country with the share of the people who live there.
#[derive(Clone, Debug)]
pub struct Country {
    /// Two letters of ISO 3166.
    pub code: &'static str,
    /// The names most of its people have.
    pub names: Culture,
    /// The language most of them prefer.
    pub language: &'static str,
    /// Three letters of ISO 4217.
    pub currency: &'static str,
    /// Its cities.
    pub cities: Vec<City>,
    /// Names of its streets.
    pub streets: Vec<&'static str>,
    share: u64,
}

/// Every country.
#[derive(Clone, Debug)]
pub struct Atlas {
    countries: Vec<Country>,
}

impl Atlas {
    /// The atlas that comes with onefold.
    pub fn bundled() -> Atlas {
        let cultures = cultures(include_str!("names.txt"));
        Atlas {
            countries: lines(include_str!("places.txt"))
                .filter_map(|line| country(line, &cultures))
                .collect(),
        }
    }

    /// A country, the populous ones more often.
    pub fn country(&self, random: &mut Random) -> &Country {
        let mut place = random.below(self.countries.iter().map(|c| c.share).sum());
        for country in &self.countries {
            match place.checked_sub(country.share) {
                Some(rest) => place = rest,
                None => return country,
            }
        }
        random.pick(&self.countries)
    }
}

impl City {
    /// A postal code of this city.
    pub fn postal_code(&self, random: &mut Random) -> String {
        let digit = |sign| match sign {
            '#' => char::from(b'0' + random.below(10) as u8),
            other => other,
        };
        self.postal_pattern.chars().map(digit).collect()
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn cultures(text: &'static str) -> HashMap<&'static str, Culture> {
    let mut cultures: HashMap<_, Culture> = HashMap::new();
    for (head, names) in lines(text).filter_map(|line| line.split_once(": ")) {
        let (culture, part) = head.split_once(' ').unwrap_or((head, ""));
        let culture = cultures.entry(culture).or_default();
        let list = match part {
            "women" => &mut culture.women,
            "men" => &mut culture.men,
            _ => &mut culture.families,
        };
        list.extend(names.split(' ').map(name));
    }
    cultures
}

fn name(entry: &'static str) -> Name {
    match entry.split_once('/') {
        Some((text, slug)) => Name {
            text,
            slug: slug.to_owned(),
        },
        None => Name {
            text: entry,
            slug: entry.to_lowercase(),
        },
    }
}

fn country(line: &'static str, cultures: &HashMap<&str, Culture>) -> Option<Country> {
    let (head, places) = line.split_once(": ")?;
    let (cities, streets) = places.split_once(" | ")?;
    let mut words = head.split(' ');
    Some(Country {
        code: words.next()?,
        share: words.next()?.parse().ok()?,
        names: cultures.get(words.next()?)?.clone(),
        language: words.next()?,
        currency: words.next()?,
        cities: cities.split("; ").filter_map(city).collect(),
        streets: streets.split("; ").collect(),
    })
}

/// The postal code begins with the first word that has a `#` in it: a city's name may have several words.
fn city(entry: &'static str) -> Option<City> {
    let (before, _) = entry.split_once('#')?;
    let (name, _) = before.rsplit_once(' ')?;
    Some(City {
        name,
        postal_pattern: entry.get(name.len() + 1..)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_people_cities_and_streets() {
        let atlas = Atlas::bundled();
        let lines = include_str!("places.txt").lines().count() - 1;
        assert_eq!(atlas.countries.len(), lines);
        assert_eq!(atlas.countries.iter().map(|c| c.share).sum::<u64>(), 1000);
        for country in &atlas.countries {
            assert!(country.names.women.len() >= 8, "{}", country.code);
            assert!(country.names.men.len() >= 8, "{}", country.code);
            assert!(country.names.families.len() >= 10, "{}", country.code);
            assert!(country.cities.len() >= 2, "{}", country.code);
            assert!(country.streets.len() >= 2, "{}", country.code);
        }
    }

    #[test]
    fn e_mail_spellings_are_plain() {
        for country in Atlas::bundled().countries {
            let names = country.names;
            for name in [names.women, names.men, names.families].concat() {
                assert!(
                    name.slug.bytes().all(|byte| byte.is_ascii_lowercase()),
                    "{name:?}"
                );
            }
        }
    }

    #[test]
    fn a_postal_code_follows_its_pattern() {
        let check = |entry, name, length| {
            let city = city(entry).expect(entry);
            assert_eq!(city.name, name);
            let code = city.postal_code(&mut Random::new([1, 1, 1]));
            assert_eq!(code.len(), length, "{code}");
            assert!(!code.contains('#'));
        };
        check("Leeds LS# #QX", "Leeds", 7);
        check("A Coruña 150##", "A Coruña", 5);
        check("Łódź 90-###", "Łódź", 6);
    }
}
