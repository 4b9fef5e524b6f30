# draft
# The list of incidents and the page of one incident.

incidents-title = الحوادث
incidents-count = { $count ->
    [0] لا حوادث
    [zero] لا حوادث
    [one] حادث واحد
    [two] حادثان
    [few] { $count } حوادث
    [many] { $count } حادثًا
   *[other] { $count } حادث
}
incidents-filter-title = تصفية
incidents-filter-source = المصدر
incidents-filter-country = البلد أو الإقليم
incidents-filter-from = من تاريخ
incidents-filter-to = إلى تاريخ
incidents-filter-certainty = درجة اليقين
incidents-filter-attack_type = نوع الهجوم
incidents-filter-changed = الحوادث التي تغيّرت بعد نشرها فقط
incidents-filter-not_listed = الحوادث التي ليست في أحدث ملف فقط
incidents-filter-any = الكل
incidents-filter-apply = عرض
incidents-filter-clear = إلغاء التصفية
incidents-column-date = التاريخ
incidents-column-country = البلد أو الإقليم
incidents-column-certainty = درجة اليقين
incidents-column-attack_types = نوع الهجوم
incidents-column-killed = القتلى
incidents-column-injured = الجرحى
incidents-column-state = الحالة
incidents-column-incident = الحادث
incidents-empty-title = لا حادث يطابق هذه التصفية
incidents-empty-text = احذف أحد الشروط أو ألغِ التصفية. وعدم وجود شيء في القائمة لا يعني أن شيئًا لم يحدث.
incidents-table = قائمة الحوادث

incident-title = { $country }، { $date }
incident-id = الحادث
incident-foreign-id = رقمه لدى الجهة الناشرة
incident-publisher = الجهة الناشرة
incident-recorded-title = ما نُشر
incident-words-of = ما يلي كلام الجهة الناشرة، { $publisher }، لا كلام هذه العقدة.
incident-imported-by = استوردها { $name }.
incident-as-now-known = بحسب المعروف الآن، عند حجم السجل { $size }
incident-badge-changed = تغيّر بعد النشر
incident-badge-late = أُضيف متأخرًا
incident-badge-absent = ليس في أحدث ملف
incident-absent-text = ملف الجهة الناشرة بتاريخ { $date } يشمل هذا اليوم ولا يحتوي على هذا الصف. ولا يذكر الملف السبب.
incident-never-changed = لم يتغيّر شيء منذ أول تسجيل.
incident-free-text = بقلم الجهة الناشرة وبعباراتها

statements-title = الإفادات
statements-count = { $count ->
    [zero] لا إفادات موقَّعة
    [one] إفادة موقَّعة واحدة
    [two] إفادتان موقَّعتان، بترتيب السجل
    [few] { $count } إفادات موقَّعة، بترتيب السجل
    [many] { $count } إفادة موقَّعة، بترتيب السجل
   *[other] { $count } إفادة موقَّعة، بترتيب السجل
}
statement-signed-by = وقّعها
statement-attributed-to = تنقل ما نشرته
statement-key = المفتاح
statement-claimed = الوقت بحسب الموقِّع
statement-received = وقت وصولها إلى هذه العقدة
statement-index = مكانها في السجل
statement-index-value = القيد { $index }
statement-id = الإفادة
statement-details = التوقيع والبصمات
statement-not-understood = لا يفهم هذا الإصدار من البرنامج إفادات من هذا النوع. الإفادة محفوظة، وتوقيعها ومكانها في السجل يبقيان صحيحين.
statement-refused = هذه الإفادة محفوظة ولا يُعتد بها:

changes-title = ما الذي تغيّر
changes-column-what = ماذا
changes-column-was = كان
changes-column-now = أصبح
changes-column-when = وقت التسجيل

verify-incident-lead = يحتوي الإثبات على كل إفادة في هذه الصفحة، وتوقيعها، ومكانها في السجل. ويستطيع أي شخص أن يتحقق منه دون هذا الموقع.
verify-step-proof = احفظ الإثبات
verify-step-anchors = احصل على مفاتيح السجل من مكان تثق به، لا من هذا الموقع وحده
verify-step-command = قارن أحدهما بالآخر
verify-step-own-node = أو استخرج الإثبات من نسختك من السجل
verify-without-anchors = من دون مفاتيح تثق بها، لا يستطيع الفحص أن يقول إلا إن الإثبات متّسق مع نفسه.
verify-download = إثبات هذا الحادث
