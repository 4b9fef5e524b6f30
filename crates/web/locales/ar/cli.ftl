# draft
# What the command line says. Help and the words of commands stay English.

cli-error = خطأ:
cli-hint = نصيحة:
cli-next = التالي:

cli-stage-begin = { $stage } …
cli-stage-end = { $stage }: { $count }
cli-stage-of-reading = القراءة
cli-stage-of-comparing = المقارنة
cli-stage-of-writing = الكتابة
cli-stage-of-opening = فتح المختوم
cli-stage-of-projecting = بناء العروض
cli-stage-of-verifying = التحقق

cli-keep-the-key = احفظ نسخة من ملف المفتاح في مكان آخر: من دونه لا يستطيع أحد فتح هذا المجلد ثانية.
cli-pages-written = { $count ->
    [zero] لم تُكتب أي صفحة في { $folder }
    [one] كُتبت صفحة واحدة في { $folder }
    [two] كُتبت صفحتان في { $folder }
    [few] كُتبت { $count } صفحات في { $folder }
    [many] كُتبت { $count } صفحة في { $folder }
   *[other] كُتبت { $count } صفحة في { $folder }
}
cli-serving = العقدة تعمل حتى توقفها.
cli-stopping = تتوقف العقدة.
cli-invented = كل ما في هذه العقدة مختلق.

cli-no-keys = لا مفاتيح.
cli-no-mandates = لا تفويضات.
cli-no-parties = لا أطراف.

# Titles in answers.
cli-added-at = أضيف عند
cli-age = العمر
cli-blobs = الملفات المستوردة
cli-clock = الساعة
cli-column = العمود
cli-cosigned = وقت التأكيد
cli-covers-from = يغطي من
cli-covers-until = يغطي إلى
cli-encoding = الترميز
cli-entries-closed = قيود السجل المغلق
cli-entries-public = قيود السجل العام
cli-file = الملف
cli-file-digest = بصمة SHA-256 للملف
cli-finding = الملاحظة
cli-findings = الملاحظات
cli-fingerprint = بصمة مفتاح السجل
cli-folder = المجلد
cli-founded-at = تأسس عند
cli-from = من
cli-granted-at = مُنح عند
cli-granted-by = المانح
cli-granted-to = الممنوح له
cli-index = الموضع في السجل
cli-judged = وقت الحكم
cli-key = المفتاح
cli-key-file = ملف المفتاح
cli-key-held = محفوظ هنا
cli-line = السطر
cli-log = السجل
cli-log-name-closed = المغلق
cli-log-name-public = العام
cli-log-size = حجم السجل
cli-mandate = التفويض
cli-name = الاسم
cli-newest = وقت استلام آخر قيد
cli-not-counting = لا تُحتسب
cli-not-understood = غير مفهومة
cli-operator = المشغّل
cli-origin = اسم السجل
cli-party = الطرف
cli-place = الموضع
cli-projected = المعروض
cli-realm = النطاق
cli-reason = السبب
cli-receipts = الدفعات
cli-received = وقت الاستلام
cli-revoked-at = أُلغي عند
cli-role = الدور
cli-root = الجذر
cli-root-party = طرف جذري
cli-row-id = الرقم
cli-rows = الصفوف
cli-rows-absent = غائبة
cli-rows-added = مضافة
cli-rows-changed = متغيّرة
cli-rows-rejected = مرفوضة
cli-rows-unchanged = بلا تغيير
cli-run = إفادة الاستيراد
cli-scope = المجال
cli-sealed-unreadable = قيم مختومة لا تُفتح
cli-sealed-values = القيم المختومة
cli-signed-by = الموقّع
cli-statement = الإفادة
cli-statements = الإفادات
cli-subject = الموضوع
cli-type = النوع
cli-until = إلى
cli-what = ما وُجد
cli-withdrawn-at = سُحب عند
cli-witness = الشاهد
cli-witnessed-up-to = بشهادة حتى
cli-witnesses = الشهود
cli-witnesses-unwitnessed = بلا شاهد: الأوقات بقول هذه العقدة وحدها
cli-witnesses-witnessed = بشهادة شهود

# A proof in sentences.
cli-told-statements = بحسب المكان في السجل:
cli-told-statement = { $place }. { $kind }: وقّعه { $party } بالمفتاح { $key }، واستُلم في { $received }؛ { $standing }.
cli-standing-understood = مفهوم
cli-standing-not_understood = لا يفهمه هذا الإصدار من البرنامج
cli-standing-malformed = أحد الحقول ناقص أو ليس من نوعه
cli-standing-taken_back = سحبه إبطال لاحق
cli-standing-time_unproven = مفهوم، لكن إيصاله سُحب، فالوقت غير مثبت
cli-told-said = ما يقوله البيان { $place }:
cli-told-field-blank = تُرك فارغًا
cli-told-field-id = رقم المصدر نفسه
cli-told-field-source = المصدر

# Checks.
cli-sealed-unread = مفتاح هذا المجلد غير متاح: لا تُفتح القيم المختومة، ويقتصر التحقق على السجلين والملفات.
cli-verdict-anchored = تم التحقق: هذا ما يحفظه السجل، وهو سجل تثق به.
cli-verdict-consistent = متّسق لكنه بلا مرساة: لا يناقض نفسه، غير أن لا شيء يقول إن السجل سجل تثق به. قارن البصمة بطريق آخر، أو أعط مراسي الثقة بالخيار `--trust`.
cli-verdict-failed = لم يتم التحقق.
cli-verdict-folder = تم التحقق بمفاتيح المجلد نفسه: لم يتغيّر فيه شيء بقدر ما تستطيع مفاتيحه أن تكشف.
cli-verdict-screened = فحص أولي فقط: جرى التحقق من التوقيعات دفعات، وهذا يكشف الأخطاء لكنه يثبت أقل من التحقق الكامل.

# Failures, shown above the message in languages other than English: a dot in a code is a hyphen.
cli-failure-bundle-foreign = الملف من عقدة أو نطاق أو طرف غير ما في مراسي الثقة
cli-failure-bundle-invalid = الملف لا يثبت ما يدّعيه
cli-failure-command-argument = إحدى القيم لا تصلح
cli-failure-command-unknown = العقدة العاملة لا تفهم هذا الأمر
cli-failure-emblem-unusable = لا يمكن التحقق من هذا
cli-failure-file-exists = الملف موجود من قبل
cli-failure-file-failed = تعذّرت قراءة ملف أو كتابته
cli-failure-file-too_long = ملف أطول مما يُقرأ
cli-failure-id-unknown = لا شيء هنا بهذا الرقم
cli-failure-import-unknown_format = لا يوجد مستورد لهذه الصيغة
cli-failure-import-unreadable = لا يمكن استيراد الملف
cli-failure-key-not_here = هذه العقدة لا تحفظ المفتاح السري
cli-failure-node-config = لا يمكن استعمال ملف الإعدادات
cli-failure-node-failed = حدث خطأ في هذه العقدة
cli-failure-node-folder_taken = في المجلد شيء من قبل
cli-failure-node-held = المجلد في يد عملية أخرى
cli-failure-node-key_missing = تعذّرت قراءة المفتاح الذي يفتح المجلد
cli-failure-node-key_wrong = هذا المفتاح لا يفتح المجلد
cli-failure-node-no_folder = لا عقدة في هذا المجلد
cli-failure-node-not_serving = لا يمكن الخدمة على هذا العنوان
cli-failure-node-unreached = تعذّر الوصول إلى العقدة التي تخدم المجلد
cli-failure-statement-from_the_future = إفادة مؤرخة بعد ساعة هذه العقدة
cli-failure-statement-other_realm = إفادة من نطاق آخر
cli-failure-statement-out_of_order = إفادة لا تتابع سلسلة كاتبها
cli-failure-statement-stated = الإفادة في السجل من قبل
cli-failure-store-full = القرص ممتلئ؛ ولم يضع شيء
cli-failure-store-newer_format = كتبت المجلدَ نسخةٌ أحدث
cli-failure-store-read_only = لا يمكن الكتابة في المجلد؛ ولم يضع شيء
cli-failure-trust-unreadable = تعذّرت قراءة مراسي الثقة

# Assets, authorities and emblems.
cli-alleged = المزعوم
cli-alleged-by = زعمه
cli-answer = الجواب
cli-answer-declared = معلن فقط
cli-answer-expired = منتهٍ
cli-answer-no-entry = لا قيد
cli-answer-not-yet = لم يحن بعد
cli-answer-recognised = معترف به
cli-answer-revoked = ملغى
cli-answer-withdrawn = مسحوب
cli-asked = المسؤول عنه
cli-asset = العين المحمية
cli-authority = السلطة
cli-bearer = الحامل
cli-emblem = الشارة
cli-endorsed-by = صادق عليه
cli-grade = درجة التأكد
cli-issuer = أصدرها
cli-jwk = المفتاح العلني
cli-kept = المعرِّف
cli-kept-erased = ممحو
cli-kept-permanent = في السجل على الدوام
cli-kept-public = مختوم ويُعرض على الجميع
cli-kept-restricted = مختوم ولا يُعرض على غيرك
cli-kind-of-asset = النوع
cli-law = القانون
cli-marks = تضع الشارة على
cli-no-assets = لا أعيان محمية. عدم تسجيل شيء لا يعني أنه غير محمي.
cli-no-authorities = لا سلطات.
cli-no-emblems = لا شارات.
cli-organisation = المنظمة
cli-outcome-declared = معلن فقط: يقول حامله إنه محمي، ولا يقول ذلك أحد ممن يُعتد بهم هنا.
cli-outcome-expired = منتهٍ: انقضى وقته.
cli-outcome-no-entry = لا قيد، وهذا لا يعني أنه غير محمي.
cli-outcome-not-yet = مسجل لوقت لم يحن بعد.
cli-outcome-recognised = معترف به من سلطة يعترف بها غيرها.
cli-outcome-revoked = ملغى.
cli-outcome-withdrawn = سحبه من سجله، وهذا لا يعني أنه غير محمي.
cli-policy = السياسة
cli-purposes = الحماية
cli-recognised-by = اعترف به
cli-recognition = الاعتراف
cli-registrant = سجله
cli-state = الحالة
cli-state-expired = منتهٍ
cli-state-not-yet = لم يحن بعد
cli-state-revoked = ملغى
cli-state-standing = قائم
cli-state-superseded = حل محله غيره
cli-state-withdrawn = مسحوب
cli-then-known = كما كان معروفًا حينها
cli-token = الرمز
cli-token-digest = بصمة الرمز SHA-256
cli-why-asset-expired = انقضى الوقت الذي سُجل له.
cli-why-emblem-expired = انقضى وقت الشارة.
cli-why-emblem-not-yet = لم يحن وقت الشارة بعد.
cli-why-emblem-revoked = أُلغيت شارته.
cli-why-endorsed-for-other = مفتاحه مصادق عليه لحماية أخرى.
cli-why-endorsement-expired = انقضى وقت المصادقة أو لم يحن بعد.
cli-why-endorsement-revoked = أُلغيت المصادقة أو المفتاح الذي وقعها.
cli-why-key-revoked = أُلغي مفتاح شارته.
cli-why-no-emblem = لا يحمل شارة.
cli-why-not-endorsed = لم يصادق أحد على مفتاح شارته.
cli-why-not-honoured = من يعترف بالسلطة ليس ممن يُعتد بهم.
cli-why-not-recognised = لا أحد يعترف بالسلطة التي صادقت عليه.
cli-why-only-by-bearer = لا يعترف بالسلطة إلا حامله.
cli-why-other-kind = السلطة معترف بها لأنواع أخرى من الأعيان.
cli-why-other-purpose = السلطة معترف بها لحماية أخرى.
cli-why-recognition-expired = انقضى وقت الاعتراف أو لم يحن بعد.
cli-why-recognition-superseded = صار الاعتراف بالسلطة على نحو آخر، كأن يكون بمفاتيح أخرى.
cli-why-recognition-withdrawn = سُحب الاعتراف بالسلطة.
