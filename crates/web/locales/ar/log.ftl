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
log-key-advice = قارن هذا المفتاح بمفتاح حصلت عليه بطريقة أخرى، على ورق مثلًا أو من نسخة مطابقة للسجل.
log-realm = النطاق
log-realm-real = حقيقي
log-realm-exercise = التمرين «{ $name }»
log-public = السجل العام
log-closed = السجل المغلق
log-closed-text = يحفظ سجل ثانٍ ما ليس عامًا. ولا تُعرض هنا إلا نقاط فحصه، كي لا يمكن تغييره خفيةً هو أيضًا.
log-checkpoint-title = أحدث نقطة فحص
log-checkpoint-lead = تثبّت هذه المذكرة الموقَّعة كل القيود حتى حجمها.
log-checkpoint-raw = نقطة الفحص كما وُقِّعت
log-empty = لا قيود في السجل بعد.

receipts-title = الإيصالات
receipts-lead = تنتهي كل دفعة من القيود بإيصال: قول هذه العقدة الموقَّع عن وقت وصولها.
receipts-table = أحدث الإيصالات
receipts-column-received = وقت الوصول
receipts-column-entries = القيود
receipts-column-receipt = الإيصال
receipts-range = من { $first } إلى { $last }

cosigned-title = ما أكده الشهود
cosigned-lead = لا يوقّع الشاهد على نقطة فحص إلا إذا كان السجل قد حفظ كل ما كان فيه من قبل.
cosigned-column-witness = الشاهد
cosigned-column-size = حجم السجل
cosigned-column-time = وقت التأكيد

tiles-title = ملفات السجل
tiles-lead = يُنشر السجل في ملفات عادية بصيغتي C2SP المسمّاتين tlog-tiles وtlog-checkpoint. ويستطيع أي برنامج يفهم هاتين الصيغتين أن يقرأه ويتحقق منه.
tiles-checkpoint = نقطة الفحص
tiles-hashes = كتل البصمات
tiles-entries = حزم القيود

log-verify-lead = انسخ مجلد السجل وافحصه كله: التواقيع والسلاسل والشجرة والإيصالات.
entry-title = القيد { $index }
entry-kind = النوع
entry-size = الحجم
entry-size-value = { $bytes } بايت
entry-download = القيد كما وُقِّع (CBOR)
entry-proof = إثبات مكانه في السجل
