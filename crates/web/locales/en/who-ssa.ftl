# Fields and codes of the WHO Surveillance System for Attacks on Health Care, mapping version 1.
# The publisher's own label stands beside these words where they differ.

who-ssa-field-date = Date of the attack
who-ssa-field-time = Time of day
who-ssa-field-country = Country or territory
who-ssa-field-certainty = Certainty
who-ssa-field-attack_types = Kinds of attack
who-ssa-field-injured = Injured
who-ssa-field-killed = Killed
who-ssa-field-facilities_hit = Facilities affected
who-ssa-field-transport_hit = Transport affected
who-ssa-field-personnel_hit = Personnel affected
who-ssa-field-supplies_hit = Supplies or assets affected
who-ssa-field-warehouse_hit = Warehouse or storage affected
who-ssa-field-patients_hit = Patients affected
who-ssa-field-other_hit = Others affected
who-ssa-field-facility_type = Type of facility
who-ssa-field-facility_other = Facility, in the publisher’s words
who-ssa-field-hw_abducted = Health workers abducted
who-ssa-field-hw_arrested = Health workers arrested
who-ssa-field-hw_detained = Health workers detained
who-ssa-field-patients_abducted = Patients abducted
who-ssa-field-patients_arrested = Patients arrested
who-ssa-field-patients_detained = Patients detained

who-ssa-certainty-confirmed = Confirmed
who-ssa-certainty-probable = Probable
who-ssa-certainty-possible = Possible
who-ssa-certainty-rumour = Rumour
who-ssa-certainty_means-confirmed = A partner says that it was attacked itself, eyewitnesses confirmed it to partners, or a probable report is backed by clear evidence.
who-ssa-certainty_means-probable = One eyewitness, or two people who heard of it, told partners.
who-ssa-certainty_means-possible = Media reported it, or an organisation that is not a partner says that it was attacked.
who-ssa-certainty_means-rumour = Hearsay, a post on social media or an anonymous report; not published by this source.

who-ssa-time-unknown = Not known

who-ssa-attack_types-abduction_arrest_detention = Abduction, arrest or detention of health workers or patients
who-ssa-attack_types-armed_search = Armed or violent search
who-ssa-attack_types-assault = Assault without weapons
who-ssa-attack_types-chemical_agent = Chemical agent
who-ssa-attack_types-criminalization = Criminalization of health care
who-ssa-attack_types-heavy_weapons = Violence with heavy weapons
who-ssa-attack_types-individual_weapons = Violence with individual weapons
who-ssa-attack_types-militarization = Military use of a health care asset
who-ssa-attack_types-obstruction = Obstruction of health care
who-ssa-attack_types-other = Other
who-ssa-attack_types-psychological_violence = Threats, intimidation or psychological violence
who-ssa-attack_types-removal_of_assets = Removal of supplies, vehicles or other assets
who-ssa-attack_types-setting_fire = Setting fire
who-ssa-attack_types-sexual_assault = Sexual assault
who-ssa-attack_types-unknown = Unknown

who-ssa-facility_type-mobile_clinic = Mobile clinic
who-ssa-facility_type-other = Other
who-ssa-facility_type-pharmacy = Pharmacy
who-ssa-facility_type-primary = Primary care
who-ssa-facility_type-secondary = Secondary care
who-ssa-facility_type-tertiary = Tertiary care
who-ssa-facility_type-unknown = Unknown
who-ssa-facility_type-warehouse = Warehouse
