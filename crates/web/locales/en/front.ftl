# The front page: numbers, timeline, map, table, how we know, verify this yourself.

front-title = Attacks on health care
front-lead = { $count ->
    [one] One incident, as published by { $publisher }, kept in a log that cannot be changed without trace.
   *[other] { $count } incidents, as published by { $publisher }, kept in a log that cannot be changed without trace.
}
front-covers = From { $first } to { $last }
front-empty-title = Nothing has been recorded yet
front-empty-text = When the operator of this node imports a file, its numbers appear here.

figures-title = In numbers
figure-incidents = incidents
figure-killed = people killed
figure-injured = people injured
figure-countries = countries and territories
figure-changes = values changed after publication
figure-late = incidents added late
figure-not_listed = incidents not in the latest file

timeline-title = When
timeline-finding = Most incidents in one month: { $peak }, in { $month }.
timeline-finding-year = Most incidents in one year: { $peak }, in { $year }.
timeline-description = One bar for each period from { $first } to { $last }. Its height is the number of incidents.
timeline-axis-month = Incidents in a month
timeline-axis-year = Incidents in a year
timeline-column-period = Period
timeline-table = Incidents by period

map-title = Where
map-description = A map of the world’s land with one circle for each of { $count } countries and territories.
map-finding = Most incidents in one country or territory: { $peak }, in { $country }.
map-undrawn = { $count ->
    [one] One incident has no country code that can be drawn; the table has it.
   *[other] { $count } incidents have no country code that can be drawn; the table has them.
}

countries-title = By country or territory
countries-table = Incidents by country or territory, most first
countries-column-country = Country or territory
countries-column-incidents = Incidents
countries-column-killed = Killed
countries-column-injured = Injured
countries-caution = Reporting differs between countries and years. A low number does not mean that health care is safe there, and numbers of different publishers cannot be added up.
certainty-title = By certainty
certainty-table = Incidents by level of certainty
certainty-column-means = What the publisher means by it

how-title = How we know
how-published = Each row comes from a file that { $publisher } published. This node read the file, signed what each row said, and names the publisher as its source.
how-logged = Every signed statement has a fixed place in a public log. A later change is a new statement; the old one stays.
how-certainty = The publisher gives each incident a level of certainty. The level says that an attack happened, not that every detail is right.
how-limits = The publisher leaves out what could endanger people: names, exact places, sources. Who carried out an attack is not recorded.

verify-title = Verify this yourself
verify-lead = You need not trust this site. Take the proof of one incident with you and check it on your own computer, without a network.
