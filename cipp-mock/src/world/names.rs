//! The people of the three tenants, and where they work.

/// First and last names, twenty for each tenant. The last of each twenty is a guest.
pub(crate) const PEOPLE: [[(&str, &str); 20]; 3] = [
    [
        ("Ada", "Lovelace"),
        ("Benjamin", "Okafor"),
        ("Chiara", "Rossi"),
        ("Daniel", "Weber"),
        ("Elena", "Petrova"),
        ("Farid", "Haddad"),
        ("Grace", "Hopper"),
        ("Henrik", "Lund"),
        ("Ines", "Moreau"),
        ("Jane", "Doe"),
        ("Kenji", "Tanaka"),
        ("Lucía", "Fernández"),
        ("Mateusz", "Kowalski"),
        ("Nora", "O'Brien"),
        ("Oluwaseun", "Adeyemi"),
        ("Priya", "Sharma"),
        ("Quentin", "Dubois"),
        ("Rosa", "Jiménez"),
        ("Samuel", "Cohen"),
        ("Tilda", "Berg"),
    ],
    [
        ("Aisha", "Khan"),
        ("Björn", "Nilsson"),
        ("Carmen", "Ortiz"),
        ("David", "Müller"),
        ("Ewa", "Nowak"),
        ("Felix", "Schneider"),
        ("Giulia", "Conti"),
        ("Hannah", "Smith"),
        ("Igor", "Novák"),
        ("Julia", "Meyer"),
        ("Kofi", "Mensah"),
        ("Leila", "Nazari"),
        ("Marco", "Bianchi"),
        ("Nadia", "Rahman"),
        ("Omar", "Farouk"),
        ("Paula", "Silva"),
        ("Rafael", "Costa"),
        ("Sofia", "Papadopoulou"),
        ("Thomas", "Janssen"),
        ("Uma", "Patel"),
    ],
    [
        ("Alice", "Martin"),
        ("Bruno", "Lopes"),
        ("Clara", "Vogel"),
        ("Dmitri", "Orlov"),
        ("Emma", "Wilson"),
        ("François", "Lefèvre"),
        ("Greta", "Hansen"),
        ("Hiroshi", "Sato"),
        ("Isabel", "Ruiz"),
        ("Jonas", "Keller"),
        ("Katarina", "Horvat"),
        ("Liam", "Murphy"),
        ("Mei", "Chen"),
        ("Noah", "Fischer"),
        ("Olivia", "Brown"),
        ("Pedro", "Alves"),
        ("Renata", "Kovács"),
        ("Stefan", "Ionescu"),
        ("Teresa", "Gallo"),
        ("Viktor", "Lindqvist"),
    ],
];

/// Departments with a job in each.
pub(crate) const JOBS: [(&str, &str); 5] = [
    ("Management", "Managing Director"),
    ("Sales", "Account Manager"),
    ("Finance", "Accountant"),
    ("Engineering", "Engineer"),
    ("Support", "Support Specialist"),
];

/// City, country and its two letters, for each tenant.
pub(crate) const PLACES: [(&str, &str, &str); 3] =
    [("Seattle", "United States", "US"), ("Rotterdam", "Netherlands", "NL"), ("Lyon", "France", "FR")];

/// Name, domain of the tenant and domain of its mail.
pub(crate) const FIRMS: [(&str, &str, &str); 3] = [
    ("Contoso Ltd", crate::CONTOSO, "contoso.com"),
    ("Fabrikam Inc", crate::FABRIKAM, "fabrikam.com"),
    ("Tailspin Toys", crate::TAILSPIN, "tailspintoys.com"),
];

/// A name as it stands in an address: lower case, plain letters.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter_map(ascii).collect::<String>().to_ascii_lowercase()
}

const fn ascii(letter: char) -> Option<char> {
    Some(match letter {
        'á' | 'à' | 'ã' => 'a',
        'è' | 'é' | 'ê' => 'e',
        'í' => 'i',
        'ö' | 'ó' | 'ø' => 'o',
        'ü' => 'u',
        'ç' => 'c',
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => return None,
    })
}
