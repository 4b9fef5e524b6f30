# draft
# The page of the log: checkpoints, receipts, tiles.

log-title = السجل
log-lead = كل إفادات هذه العقدة بترتيب واحد لا يمكن تغييره دون أثر. ويستطيع أي شخص أن ينسخه كاملًا ويتحقق منه.
log-origin = اسم السجل
log-size = الحجم
log-size-value = { $count ->
    [zero] لا قيود
    [one] قيد واحد
    [two] قيدان
    [few] { $count } قيود
    [many] { $count } قيدًا
   *[other] { $count } قيد
}
log-root = بصمة الجذر
log-key = مفتاح السجل
log-fingerprint = البصمة
log-key-advice = قارن هذا المفتاح بمفتاح حصلت عليه بطريقة أخرى، على ورق مثلًا أو من نسخة مطابقة للسجل.
log-realm = النطاق
log-realm-real = حقيقي
log-realm-exercise = التمرين «{ $name }»
log-closed-apart = يحتوي سجل ثانٍ على ما ليس علنيًا، ولا يُعرض هنا.
log-goes-on-from = هذا السجل تتمة للسجل { $log } الذي خُتم نهائيًا عند الحجم { $size }.
log-sealed = خُتم هذا السجل نهائيًا في { $moment }، فلا يُوقَّع فيه شيء بعد ذلك، والسجل { $log } تتمته.
log-checkpoint-title = أحدث نقطة فحص
log-checkpoint-lead = تثبّت هذه المذكرة الموقَّعة كل القيود حتى حجمها.
log-empty = لا قيود في السجل بعد.
log-entries-title = القيود
log-entries-table = القيود، الأحدث أولًا
log-badge-not-understood = غير مفهوم
log-badge-refused = لا يُعتد به

receipts-title = الإيصالات
receipts-lead = تنتهي كل دفعة من القيود بإيصال: قول هذه العقدة الموقَّع عن وقت وصولها.
receipts-table = أحدث الإيصالات
receipts-column-received = وقت الوصول
receipts-column-entries = القيود
receipts-column-receipt = الإيصال
receipts-range = من { $first } إلى { $last }

tiles-title = ملفات السجل
tiles-lead = يُنشر السجل في ملفات عادية بصيغتي C2SP المسمّاتين tlog-tiles وtlog-checkpoint. ويستطيع أي برنامج يفهم هاتين الصيغتين أن يقرأه ويتحقق منه.
tiles-checkpoint = نقطة الفحص
tiles-hashes = كتل البصمات
tiles-entries = حزم القيود

log-verify-lead = انسخ مجلد السجل وافحصه كله: التواقيع والسلاسل والشجرة والإيصالات.
log-anchors = مفاتيح هذا السجل في ملف، للتحقق من الإثباتات. قارن البصمة ببصمة حصلت عليها بطريق آخر:
entry-title = القيد { $index }
entry-kind = النوع
entry-version = الإصدار { $version }
entry-subject = عن
entry-chain = موضعه في سلسلة مفتاحه
entry-refers = يشير إلى
entry-body-title = الحقول المرمّزة
entry-sealed-title = العبارات التي تلتزم بها
entry-sealed-lead = يحتوي القيد على بصمة هذه العبارات لا على العبارات نفسها. ويمكن محوها ويظل القيد قابلًا للتحقق.
entry-sealed-unknown = حقل غير معروف
entry-verify-lead = احسب بصمة البايتات الموقّعة وابحث عنها في الرُقع، أو دع أي عميل لصيغ C2SP يفعل الأمرين.
entry-size = الحجم
entry-size-value = { $bytes } بايت
entry-download = القيد كما وُقِّع (CBOR)

# Statements about promises.
kind-adoption-withdrawn = إنهاء قبول
kind-dispute-closed = إغلاق نزاع
kind-dispute-opened = فتح نزاع
kind-fact-attested = شهادة مرفق
kind-fact-lodged = إيداع واقعة
kind-fact-receipted = إيصال بفعل
kind-fact-sampled = عينات
kind-fact-withdrawn = سحب قول عن وقائع
kind-finding-made = استنتاج
kind-instrument-adopted = قبول صك
kind-instrument-objected = اعتراض على تحفظ
kind-instrument-part = جزء من صك
kind-instrument-published = نشر صك
kind-status-recorded = حالة محسوبة

# الأطراف ومفاتيحها، وما يستند إلى مفتاح أُبطل.
party-root = هو الذي فتح هذا السجل.
party-type = ما يصف به نفسه
party-founded = التأسيس
party-keys-title = المفاتيح
party-keys-lead = ما وقّعه المفتاح قبل القيد الذي أُبطل اعتبارًا منه يبقى قائمًا. وما وقّعه من ذلك القيد فصاعدًا لا يُعتد به.
party-mandates-title = التفويضات
key-state = الحالة
key-state-active = مستعمل
key-state-fallen = سقط مع المفتاح الذي أضافه
key-state-replaced = حل محله مفتاح آخر
key-state-revoked = مُبطَل
key-added = الإضافة
key-revoked-as-of = أُبطل اعتبارًا من
key-revoked-from = القيد { $index }: وما قبله يبقى قائمًا
key-reason = السبب
key-reason-compromised = قد يكون المفتاح عند غير صاحبه
key-reason-lost = فُقد
key-reason-retired = لم يعد مستعملًا
key-ended = أنهاه
mandate-granted = المنح
mandate-withdrawn = السحب
statement-key-revoked = وُقّعت بمفتاح أُبطل اعتبارًا من القيد { $index }.
statement-mandate-key-revoked = وُقّع تفويض لصاحب هذه الإفادة بمفتاح أُبطل اعتبارًا من القيد { $index }.
statement-key-why = سبب إبطاله: { $reason }.
statement-key-ended = الإفادة التي أنهت المفتاح
statement-revocation-stands = ومع ذلك يبقى الإبطال قائمًا لأنه لا يفعل إلا أن يسحب.
