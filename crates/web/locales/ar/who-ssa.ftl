# draft
# Fields and codes of the WHO Surveillance System for Attacks on Health Care, mapping version 1.
# The publisher's own label stands beside these words where they differ.

who-ssa-field-date = تاريخ الهجوم
who-ssa-field-time = الوقت من اليوم
who-ssa-field-country = البلد أو الإقليم
who-ssa-field-certainty = درجة اليقين
who-ssa-field-attack_types = أنواع الهجوم
who-ssa-field-injured = الجرحى
who-ssa-field-killed = القتلى
who-ssa-field-facilities_hit = تضررت مرافق
who-ssa-field-transport_hit = تضررت وسائل نقل
who-ssa-field-personnel_hit = تضرر عاملون
who-ssa-field-supplies_hit = تضررت إمدادات أو ممتلكات
who-ssa-field-warehouse_hit = تضرر مستودع أو مخزن
who-ssa-field-patients_hit = تضرر مرضى
who-ssa-field-other_hit = متضررون آخرون
who-ssa-field-facility_type = نوع المرفق
who-ssa-field-facility_other = المرفق بعبارة الجهة الناشرة
who-ssa-field-hw_abducted = عاملون صحيون مختطفون
who-ssa-field-hw_arrested = عاملون صحيون مقبوض عليهم
who-ssa-field-hw_detained = عاملون صحيون محتجزون
who-ssa-field-patients_abducted = مرضى مختطفون
who-ssa-field-patients_arrested = مرضى مقبوض عليهم
who-ssa-field-patients_detained = مرضى محتجزون

who-ssa-certainty-confirmed = مؤكد
who-ssa-certainty-probable = مرجَّح
who-ssa-certainty-possible = محتمل
who-ssa-certainty-rumour = شائعة
who-ssa-certainty_means-confirmed = يقول أحد الشركاء إنه هوجم، أو أكده شهود عيان للشركاء، أو تدعم بلاغًا مرجَّحًا أدلةٌ واضحة.
who-ssa-certainty_means-probable = أخبر الشركاءَ شاهد عيان واحد، أو شخصان سمعا به.
who-ssa-certainty_means-possible = نقلته وسائل إعلام، أو تقول منظمة ليست من الشركاء إنها هوجمت.
who-ssa-certainty_means-rumour = قول متناقل أو منشور في وسائل التواصل أو بلاغ مجهول المصدر؛ ولا ينشره هذا المصدر.

who-ssa-time-unknown = غير معروف

who-ssa-attack_types-abduction_arrest_detention = اختطاف عاملين صحيين أو مرضى أو القبض عليهم أو احتجازهم
who-ssa-attack_types-armed_search = تفتيش مسلح أو عنيف
who-ssa-attack_types-assault = اعتداء بلا سلاح
who-ssa-attack_types-chemical_agent = مادة كيميائية
who-ssa-attack_types-criminalization = تجريم تقديم الرعاية الصحية
who-ssa-attack_types-heavy_weapons = عنف بأسلحة ثقيلة
who-ssa-attack_types-individual_weapons = عنف بأسلحة فردية
who-ssa-attack_types-militarization = استخدام ممتلكات الرعاية الصحية لأغراض عسكرية
who-ssa-attack_types-obstruction = عرقلة الرعاية الصحية
who-ssa-attack_types-other = غير ذلك
who-ssa-attack_types-psychological_violence = تهديد أو ترهيب أو عنف نفسي
who-ssa-attack_types-removal_of_assets = أخذ إمدادات أو مركبات أو ممتلكات أخرى
who-ssa-attack_types-setting_fire = إضرام النار
who-ssa-attack_types-sexual_assault = اعتداء جنسي
who-ssa-attack_types-unknown = غير معروف

who-ssa-facility_type-mobile_clinic = عيادة متنقلة
who-ssa-facility_type-other = غير ذلك
who-ssa-facility_type-pharmacy = صيدلية
who-ssa-facility_type-primary = رعاية أولية
who-ssa-facility_type-secondary = رعاية ثانوية
who-ssa-facility_type-tertiary = رعاية ثالثية
who-ssa-facility_type-unknown = غير معروف
who-ssa-facility_type-warehouse = مستودع
