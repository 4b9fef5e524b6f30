# draft
# What stands on every page, and words that several pages share.

site-name = Ensign
site-purpose = سجلات يستطيع أي شخص أن يتحقق منها
skip-to-content = انتقل إلى المحتوى
nav-main = التنقل الرئيسي
nav-front = نظرة عامة
nav-incidents = الحوادث
nav-source = المصدر
nav-log = السجل
nav-language = اللغة

draft-title = ترجمة آلية
draft-text = تُرجمت كلمات هذه الصفحة آليًا ولم يراجعها أحد بعد. وحيثما اختلفت عن الصفحة الإنجليزية فالعبرة بالصفحة الإنجليزية.
draft-english = هذه الصفحة بالإنجليزية

realm-exercise-title = تمرين: كل ما هنا مُختلَق
realm-exercise-text = تحتوي هذه العقدة على التمرين «{ $name }». أطرافه وأماكنه وأحداثه لا وجود لها. لا تستشهد بأي شيء هنا على أنه حقيقة.
exercise-format = { $name } (بيانات مُختلَقة بصيغته)

footer-node = العقدة { $name }
footer-as-of = حتى حجم السجل { $size }
footer-received = وصل آخر قيد في { $moment }
footer-api = واجهة القراءة البرمجية

formats-title = بيانات هذه الصفحة
formats-csv = CSV
formats-json = JSON

time-utc = { $moment } بالتوقيت العالمي المنسق
time-unix = الثانية { $seconds } من توقيت يونكس
age-moments = قبل أقل من دقيقة
age-minutes = { $count ->
    [zero] قبل أقل من دقيقة
    [one] قبل دقيقة واحدة
    [two] قبل دقيقتين
    [few] قبل { $count } دقائق
    [many] قبل { $count } دقيقة
   *[other] قبل { $count } دقيقة
}
age-hours = { $count ->
    [zero] قبل أقل من ساعة
    [one] قبل ساعة واحدة
    [two] قبل ساعتين
    [few] قبل { $count } ساعات
    [many] قبل { $count } ساعة
   *[other] قبل { $count } ساعة
}
age-days = { $count ->
    [zero] قبل أقل من يوم
    [one] قبل يوم واحد
    [two] قبل يومين
    [few] قبل { $count } أيام
    [many] قبل { $count } يومًا
   *[other] قبل { $count } يوم
}

answer-yes = نعم
answer-no = لا
answer-unknown = غير معروف
value-blank = تُرك فارغًا
value-uncoded = بلا رمز
value-erased = مُحيت عبارة الجهة الناشرة أو ليست على هذه العقدة
value-publisher-label = عبارة الجهة الناشرة: { $label }

chart-point = { $label }: { $value }
chart-table = الأرقام نفسها في جدول
map-legend = مساحة الدائرة: عدد الحوادث
map-note = لكل بلد أو إقليم دائرة واحدة عند نقطة اختيرت للرسم فقط. تُظهر الخريطة اليابسة وحدها ولا تتخذ موقفًا من الحدود.

page-navigation = الصفحات
page-first = الصفحة الأولى
page-next = الصفحة التالية

witness-none-title = بلا شهود
witness-none-text = لم يؤكد أي شاهد مستقل هذا السجل بعد. والأوقات أدناه هي قول هذه العقدة وحدها.
witness-count = { $count ->
    [zero] لم يؤكده أي شاهد مستقل
    [one] أكده شاهد مستقل واحد
    [two] أكده شاهدان مستقلان
    [few] أكده { $count } شهود مستقلين
    [many] أكده { $count } شاهدًا مستقلًا
   *[other] أكده { $count } شاهد مستقل
}

kind-import-run = استيراد ملف
kind-key-added = إضافة مفتاح
kind-key-revoked = إبطال مفتاح
kind-key-rotated = استبدال مفتاح
kind-log-contradicted = إثبات تناقض في سجل
kind-log-cosigned = تأكيد الشهود لنقطة فحص
kind-log-quorum = من تسأله العقدة ليشهد على سجلها
kind-log-opened = فتح سجل
kind-log-received = إيصال من هذه العقدة
kind-log-sealed = ختم سجل سابق نهائيًا
kind-mandate-granted = منح تفويض
kind-mandate-withdrawn = سحب تفويض
kind-party-erased = مُحيت نصوص طرف
kind-party-founded = تأسيس طرف
kind-source-absent = ليس في ملف يشمل تاريخه
kind-source-erased = مُحيت نصوص حادثة
kind-source-stated = ما نشره مصدر
change-absent = ليس في الملف
change-added_late = أُضيف متأخرًا
change-changed = تغيّر
change-listed_again = عاد إلى الملف

# Between the parts of a list, and between those that have commas themselves.
list-separator = { "، " }
list-separator-strong = { "؛ " }
