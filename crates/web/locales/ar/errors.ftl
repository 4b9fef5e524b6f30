# draft
# Error pages, and the words for refusals.

error-not_found-title = لا توجد صفحة بهذا العنوان
error-not_found-text = تأكد من العنوان. عنوان أي سجل لا يتغيّر أبدًا، فالرابط إلى سجل تحفظه هذه العقدة يؤدي دائمًا إليه.
error-no_incident-title = لا يوجد حادث كهذا في هذه العقدة
error-no_incident-text = لا سجل هنا بالرقم { $id }. قد يكون لدى عقدة أخرى. وعدم وجوده هنا لا يعني أنه لم يحدث.
error-no_entry-title = لا يحتوي السجل على هذا القيد
error-no_entry-text = «{ $id }» ليس موضع قيد في السجل العلني ولا معرّفه.
error-no_source-title = لا يوجد هذا المصدر في هذه العقدة
error-no_source-text = لم يُستورد هنا شيء من «{ $source }».
error-ambiguous-title = عدة مصادر تستخدم هذا الرقم
error-ambiguous-text = «{ $id }» رقم لعدة سجلات. اختر أحدها.
error-bad_request-title = تعذّرت قراءة هذا الطلب
error-bad_request-text = جزء من العنوان أو النموذج ليس بالشكل المتوقع.
error-bad_filter-title = تعذّرت قراءة التصفية
error-bad_filter-summary = يرجى التصحيح
error-bad_filter-date = اكتب التاريخ سنة ثم شهرًا ثم يومًا، مثل 2023-10-07.
error-bad_filter-order = التاريخ الأول بعد التاريخ الأخير.
error-bad_filter-choice = «{ $value }» ليس من الخيارات.
error-bad_filter-number = اكتب عددًا صحيحًا.
error-bad_filter-place = ابدأ من الصفحة الأولى للقائمة.
error-bad_filter-repeated = اذكر هذا مرة واحدة فقط.
error-bad_filter-unknown = لا يوجد شرط كهذا هنا.
error-method-title = هذه الصفحة للقراءة فقط
error-method-text = لا يمكن إرسال شيء إلى هذا العنوان.
error-internal-title = حدث خلل في هذه العقدة
error-internal-text = الخلل منّا لا منك، وقد دُوِّن في سجل تشغيل البرنامج. ولم تتأثر القيود المحفوظة.
error-back = إلى النظرة العامة

# Refusals by code: a dot in a code is a hyphen here.
refusal-import-row-bad_count = ليس عددًا صحيحًا من الصفر فصاعدًا
refusal-import-row-bad_date = ليس تاريخًا
refusal-import-row-bad_id = ليس رقمًا صالحًا لسجل
refusal-import-row-bad_moment = ليس لحظة زمنية
refusal-import-row-bad_value = ليس عددًا يمكن قياسه
refusal-import-row-count_too_large = عدد أكبر من أن يكون مقصودًا
refusal-import-row-field_too_long = أحد الحقول أطول من اللازم
refusal-import-row-no_id = لا رقم للسجل
refusal-import-row-record_too_long = السجل أطول من اللازم؛ وربما لم تُغلق علامة اقتباس
refusal-import-row-too_few_fields = الحقول أقل من الأعمدة
refusal-import-row-too_many_fields = الحقول أكثر من الأعمدة
refusal-import-row-unclosed_quote = لم تُغلق علامة اقتباس قبل نهاية الملف
refusal-key-not_yours = لا يُبطل مفاتيحَ الطرف إلا الطرف نفسه
refusal-key-of_other_party = المفتاح يتكلم باسم طرف آخر
refusal-key-revoked = لم يعد المفتاح معتبرًا
refusal-key-revoked_ahead = لا يُبطل مفتاح اعتبارًا من مكان لم يبلغه السجل
refusal-key-taken = المفتاح مسجَّل من قبل
refusal-key-unknown = لا يعرف هذا السجل المفتاح
refusal-mandate-missing = ليس للطرف تفويض بهذا
refusal-mandate-not_yours = لا يسحب التفويض إلا الطرف الذي منحه
refusal-statement-malformed = أحد الحقول ناقص أو ليس من نوعه
refusal-statement-signature = التوقيع غير صحيح
