# draft
# Emblems: verifying one, the register of assets and authorities, the printed card.

nav-verify = تحقق من شارة

# Verifying what was given.
verify-emblem-title = تحقق من شارة
verify-emblem-lead = قدّم رموز شارة رقمية مع ما لديك من مفاتيح وشهادات. تُشرح كل خطوة ويُسمّى ما ينقص.
verify-example-title = مثال أولًا
verify-example-text = مستشفى مُختلَق يضع شارة على اسم موقعه، وسلطة مُختلَقة تؤيده. وكل ما يثبت ذلك موجود: الرموز والمفاتيح والشهادات ومفتاح السجل الذي يحفظها.
verify-example-link = تحقق من المثال
verify-form-title = ما المطلوب التحقق منه
verify-form-privacy = يُفحص ما تقدمه في الذاكرة ثم يُنسى؛ ويُذكر لمدة أن تأييدات المنظمات كانت صحيحة، ولا يُذكر شيء من الشارات. لا يُخزَّن ولا يُكتب في سجل البرنامج. ولا يُسأل أحد آخر: لا يُبحث عن أي اسم ولا يعرف أي خادم آخر مما تتحقق.
verify-form-paste = الصق هنا
verify-form-paste-hint = رموز أو مفاتيح (JWK أو COSE_Key أو PEM) أو شهادات أو مفاتيح سجلات أو قوائم إبطال أو نص رمز الاستجابة السريعة في بطاقة، واحدًا بعد آخر. والقطع الثنائية بالست عشري أو base64.
verify-form-files = أو اختر ملفات
verify-form-files-hint = الشيء نفسه في ملفات، أو حزمة. 128 قطعة وميغابايت واحد على الأكثر في المجموع.
verify-form-policy = سياسة الثقة، إن كانت لديك
verify-form-policy-hint = بصيغة TOML: من تعترف به وكم من الأدلة تطلب. وبدونها يجب إثبات كل التزام ولا يُعترف بأحد بعينه.
verify-form-at = وقت الحكم، إن لم يكن الآن
verify-form-at-hint = مثل ⁦2026-11-22T08:00:00Z⁩ أو بثواني يونكس.
verify-form-submit = تحقق
verify-form-bundle = احفظ في ملف واحد
verify-wrong-nothing = الصق رمزًا أو اختر ملفه.
verify-wrong-paste = لا يمكن التحقق مما أُلصق.
verify-wrong-files = لا يمكن استعمال أحد الملفات.
verify-wrong-policy = لا يمكن قراءة السياسة.
verify-wrong-too-many = قُدّمت أكثر من 128 قطعة، أو رموز أو مفاتيح أكثر مما تحتاج إليه أي شارة.
verify-wrong-bundle = لا يمكن أن يُصنع منه ملف: لا رمز فيه يمكن قراءته، أو هو أطول مما يُقرأ.
verify-policy-list = في «{ $name }» بند لا معنى له أو مكرر، أو هو فارغ أو أطول مما يجوز. اكتب { $wanted }.
verify-policy-value = قيمة «{ $name }» لا معنى لها. اكتب { $wanted }.
verify-policy-organisation = لا يمكن قراءة منظمة معترف بها. اكتب «https://» ثم اسم نطاق بأحرف صغيرة ولا شيء بعده.
verify-policy-too-long = هي أطول من أي سياسة.
verify-policy-toml = ليست بصيغة TOML، أو فيها حقل غير معروف، أو ليس فيها «version = 1».
verify-policy-version = السياسة من إصدار غير 1.
verify-policy-wanted-assets = واحدًا أو أكثر من "address" و"domain" و"network"، كلًا منها مرة واحدة
verify-policy-wanted-commitments = "every"، أو عددًا صحيحًا من 1 إلى 255
verify-policy-wanted-emblems = واحدًا أو أكثر من "protective" و"indicative" و"dangerous-forces" و"civil-defence" و"cultural-property"، كلًا منها مرة واحدة
verify-policy-wanted-evidence-days = عددًا صحيحًا من الأيام، من 0 إلى 4294967295
verify-policy-wanted-honour = كل منظمة مرة واحدة، و256 منها على الأكثر
verify-policy-wanted-least = "signed" أو "organizational" أو "endorsed"
verify-policy-wanted-logs = معرّفات سجلات، كلًا منها 32 بايت بصيغة base64 ومرة واحدة، و256 منها على الأكثر
verify-policy-wanted-revocation-lists = "if-given" أو "required"
verify-result-title = النتيجة
verify-step-signatures = الخطوة 1: التوقيعات
verify-step-signatures-lead = { $count ->
    [zero] لا رموز.
    [one] رمز واحد، فُحص بالمفاتيح المتاحة.
    [two] رمزان، فُحص كل منهما بالمفاتيح المتاحة.
    [few] { $count } رموز، فُحص كل منها بالمفاتيح المتاحة.
    [many] { $count } رمزًا، فُحص كل منها بالمفاتيح المتاحة.
   *[other] { $count } رمز، فُحص كل منها بالمفاتيح المتاحة.
}
verify-step-endorsements = الخطوة 2: من أيّد من
verify-step-endorsements-none = لا تأييد يُعتد به هنا.
verify-step-commitments = الخطوة 3: هل تلتزم المنظمات بمفاتيحها؟
verify-step-commitments-lead = تلتزم المنظمة بمفتاحها الجذري بشهادة في سجلات علنية. ويُفحص كل قيد في سجل يسميه رمز، دون شبكة، بالشهادات ومفاتيح السجلات المقدمة.
verify-step-commitments-none = لم يصل الفحص إلى التزام.
verify-step-policy = الخطوة 4: السياسة
verify-passed-title = قُدّم ولم يُستعمل
verify-piece = القطعة { $piece }
verify-command-lead = الشيء نفسه على حاسوبك ودون شبكة. «given» مجلد فيه ما قدمته هنا:

error-given-title = لا يمكن التحقق من هذا
error-given-text = ما أُرسل ليس بالصيغة المتوقعة، أو أكثر مما يُقرأ هنا.
error-moment = اكتب اللحظة مثل ⁦2026-11-22T08:00:00Z⁩ أو بثواني يونكس.

emblem-outcome-met = استُوفيت السياسة
emblem-outcome-unproven = غير مثبت: ينقص شيء، ولا شيء خاطئ
emblem-outcome-invalid = غير صالح: أخفقت قاعدة
emblem-outcome-expired = منتهية: توقيعها صحيح، وقد انتهى وقتها
emblem-outcome-key-missing = غير مثبت: مفتاح وقّع ليس هنا، فلا يمكن فحص توقيعه
emblem-outcome-none = لا شارة هنا: ليس هناك ما يُتحقق منه
emblem-outcome-not-yet = لم يحن وقتها: توقيعها صحيح، ووقتها قادم
emblem-outcome-false = باطل: تناقضه الأدلة
emblem-standing-recognised = معترف به من { $by } بموجب السياسة أدناه.
emblem-standing-endorsed = تؤيدها { $by }. وليس هذا اعترافًا: فالسياسة أدناه لا تذكرها بين من تعتد بهم.
emblem-standing-declared = معلن فقط: يقوله من أصدرها، ولا أحد ممن تعترف بهم السياسة.
emblem-standing-expired = تقول إنها كانت صالحة حتى ما قبل { $moment }.
emblem-standing-not-yet = تقول إنها صالحة ابتداءً من { $moment }.
emblem-standing-revoked = مُبطَل: سُحب ما يستند إليه.
emblem-failed-at = عند الرمز { $token }:
emblem-endorsed-by = تؤيدها
emblem-law = القانون
emblem-law-of-purpose = لا تسمي الرموز قانونًا. هذا ما تقوم عليه الحماية التي تدّعيها.
answer-holds-until = يصح كل هذا إلى ما قبل
ends-first-asset = ينتهي التسجيل أولًا
ends-first-emblem = تنتهي الشارة أولًا
ends-first-endorsement = ينتهي تأييد أولًا
ends-first-recognition = ينتهي اعتراف أولًا
emblem-ends-evidence = عندها يكون ما يثبت مفتاحها الجذري أقدم مما تسمح به السياسة، أو مُبطَلًا
emblem-results = نتائج البروتوكول:
emblem-dialect = الصيغة
emblem-judged-at = الحكم كما في { $moment }
emblem-missing-title = ما ينقص
emblem-not-unprotected = هذا عن رمز، لا عن مكان أو أهله. ومن لا يحمل شارة صالحة قد يكون محميًا مع ذلك.
emblem-says-title = ما تقوله الشارة
emblem-says-only = هذا قول الشارة نفسها، وتوقيعها صحيح. ولا يُعتد به في وقت الحكم، ولم يُنظر هل يلتزم مُصدرها بالمفتاح.
emblem-marks = تضع الشارة على
emblem-purposes = الحماية
emblem-any-purpose = لم يُذكر: أي حماية
emblem-issuer = أصدرها
emblem-no-organisation = لم تُسمَّ منظمة
emblem-from = من
emblem-until = حتى ما قبل
emblem-period = الوقت
emblem-key = المفتاح
emblem-token = الرمز { $token }
emblem-kind-emblem = شارة
emblem-kind-endorsement = تأييد
emblem-signature-right = التوقيع صحيح
emblem-signature-wrong = التوقيع خاطئ
emblem-signature-unchecked = لم يُفحص التوقيع: مفتاحه ليس هنا
emblem-signature-mismatched = لم يُفحص التوقيع: خوارزمية المفتاح غير التي يذكرها الرمز
emblem-signature-unread = لم يُنظر في التوقيع: لا يمكن قراءة الرمز
emblem-role-emblem = الشارة
emblem-role-internal = تأييد المُصدر نفسه
emblem-role-external = تأييد من منظمة أخرى
emblem-role-idle = لا خطأ فيه، لكن المجموعة أخفقت
emblem-role-dropped = لا يُعتد به
emblem-endorses = { $issuer } تؤيد { $subject }، المفتاح
emblem-endorses-unnamed = تأييد لمفتاح منظمة لم تُسمَّ:
emblem-root-key = المفتاح الجذري
emblem-log = السجل
emblem-found-proved = مثبت
emblem-found-unproven = غير مثبت
emblem-found-false = باطل
emblem-found-revoked = مُبطَل
emblem-logged = أخذ السجل الشهادة في { $moment }.
emblem-issuer-unchecked = توقيع مُصدر الشهادة بخوارزمية RSA ولم يُفحص هنا: فحصه السجل قبل أن يأخذ الشهادة.
emblem-revocation-clear = تشمل قائمة إبطال هذه الشهادة وليست فيها.
emblem-revocation-revoked = الشهادة في قائمة إبطال.
emblem-revocation-unknown = لم تُقدَّم قائمة إبطال تشمل هذه الشهادة.
emblem-entry-details = البصمات والأسماء
emblem-leaf = قيد السجل
emblem-certificate = الشهادة
emblem-policy-given = الحكم بالسياسة التي قدمتها.
emblem-policy-default = الحكم بالسياسة المبدئية لأنه لم تُقدَّم سياسة.
emblem-policy-id = معرّف السياسة
emblem-policy-of-bundle = السياسة التي تسميها حزمة
emblem-policy-of-bundle-other = ليست المستعملة هنا: حكم مرسلها بسياسة أخرى
emblem-policy-of-bundle-used = هي المستعملة هنا
emblem-policy-least = يجب أن يصح على الأقل
emblem-policy-commitments = قيود السجل المطلوب إثباتها
emblem-policy-at-least = { $count ->
    [zero] لا شيء من كل التزام
    [one] قيد واحد من كل التزام
    [two] قيدان من كل التزام
    [few] { $count } قيود من كل التزام
    [many] { $count } قيدًا من كل التزام
   *[other] { $count } قيد من كل التزام
}
emblem-policy-every = كل واحد
emblem-policy-age = عمر الإثبات
emblem-policy-days = { $count ->
    [zero] أقل من يوم
    [one] يوم واحد على الأكثر
    [two] يومان على الأكثر
    [few] { $count } أيام على الأكثر
    [many] { $count } يومًا على الأكثر
   *[other] { $count } يوم على الأكثر
}
emblem-policy-any-age = أي عمر
emblem-policy-lists = قائمة الإبطال
emblem-policy-lists-required = يجب أن تكون موجودة
emblem-policy-lists-given = تُحتسب حيثما قُدّمت
emblem-policy-logs = السجلات المعتد بها
emblem-policy-logs-given = التي تقدم مفاتيحها
emblem-policy-honours = المنظمات المعترف بها
emblem-policy-honours-none = لا أحد بعينه
emblem-level-signed = موقّعة
emblem-level-organizational = موقّعة، والمُصدر ملتزم بمفتاحه (ORGANIZATIONAL)
emblem-level-endorsed = وتؤيدها منظمة أخرى (ENDORSED)

# Rules that fail.
emblem-algorithm = المفتاح من خوارزمية غير التي في ترويسة الرمز.
emblem-chain = تأييدات المُصدر لا تشكل سلسلة واحدة إلى مفتاح الشارة.
emblem-commitment-false = الأدلة تناقض الالتزام بالمفتاح الجذري.
emblem-commitment-revoked = أُبطلت الشهادة التي تُلزم بالمفتاح الجذري.
emblem-duplicate = الرمز نفسه موجود مرتين.
emblem-expired = انتهى وقت الرمز.
emblem-exceeds-assets = تضع الشارة على أكثر مما يسمح به تأييد.
emblem-exceeds-channels = قد توجد الشارة عبر قنوات لا يسمح بها تأييد.
emblem-exceeds-purposes = تدّعي الشارة حماية لا يسمح بها تأييد.
emblem-exceeds-window = الشارة صالحة لمدة أطول مما يسمح به تأييد.
emblem-key-missing = لا مفتاح متاح له المعرّف الذي يسميه الرمز.
emblem-may-not-endorse = مفتاح يؤيد غيره دون إذن بذلك.
emblem-never-valid = لا يمكن أن يكون الرمز صالحًا أبدًا: ينتهي قبل أن يبدأ.
emblem-no-chain = تسمي الشارة مُصدرها، ولا تأييد من المُصدر.
emblem-no-commitment = التأييد بالمفتاح الجذري لا يسمي قيدًا في سجل.
emblem-none = لا شارة هنا.
emblem-no-issuer = لا يسمي التأييد مُصدرًا، وتسميه الشارة.
emblem-not-of-root = لا يؤيد التأييد المفتاح الجذري للمُصدر، أي المفتاح في أعلى سلسلته، فلا يُحتسب.
emblem-not-yet-valid = لم يحن وقت الرمز بعد.
emblem-other-dialect = الرمز بصيغة غير صيغة الشارة.
emblem-several = هنا أكثر من شارة.
emblem-signature = توقيع الرمز خاطئ.

# Tokens that cannot be read.
emblem-token-algorithm = الرمز موقّع بخوارزمية لا تستعملها رموز الشارات.
emblem-token-asset = لا يمكن قراءة ما يضع الرمز الشارة عليه.
emblem-token-claim = أحد ادعاءات الرمز ليس من نوعه، أو قيمته غير ممكنة.
emblem-token-critical = يعتمد الرمز على شيء في ترويسته غير مفهوم.
emblem-token-enclosed-key = المفتاح الذي في الرمز مرفوض.
emblem-token-cut-short = ينتهي الرمز قبل أوانه. انسخه من جديد كاملًا.
emblem-token-indefinite = في الرمز شيء طوله غير محدد. على صاحبه أن يكتب الطول في أوله.
emblem-token-not-an-item = ليس الرمز CBOR. انسخه من جديد كاملًا.
emblem-token-not-a-map = جزء من الرمز ليس خريطة ادعاءات. على صاحبه أن يكتب واحدة.
emblem-token-not-base64 = جزء من الرمز ليس base64url. انسخه من جديد كاملًا.
emblem-token-not-finite = في الرمز عدد لا نهائي أو ليس عددًا. على صاحبه أن يكتب وقتًا بالثواني.
emblem-token-not-json = جزء من الرمز ليس JSON. انسخه من جديد كاملًا.
emblem-token-not-three-parts = ليس الرمز ثلاثة أجزاء بينها نقاط. انسخه من جديد كاملًا.
emblem-token-not-utf8 = في الرمز نص ليس UTF-8. على صاحبه أن يكتبه كذلك.
emblem-token-nesting = تداخل الرمز أعمق مما تحتاج إليه أي شارة. عدّه عدائيًا.
emblem-token-simple = في الرمز قيمة فارغة أو لا معنى لها. على صاحبه أن يحذفها.
emblem-token-too-many = في الرمز قائمة تذكر أكثر مما تحتاج إليه أي شارة. عدّه عدائيًا.
emblem-token-trailing = بعد نهاية الرمز شيء. قدّم رمزًا واحدًا ولا شيء بعده.
emblem-token-twice = الاسم نفسه مرتان في الرمز، فقد يقرأ قارئان شيئين. على صاحبه أن يكتبه مرة واحدة.
emblem-token-claim-name = ادعاء لا يسميه عدد ولا نص. على صاحبه أن يكتب أحدهما.
emblem-token-claim-number = في الرمز ادعاء لا يعرفه البروتوكول. على صاحبه أن يحذفه.
emblem-token-part = جزء من الرمز من نوع غير الذي يجب. على صاحبه أن يكتبه كذلك.
emblem-token-spelling = الشكل الخارجي للرمز ليس بصيغته الوحيدة.
emblem-token-tag = الرمز معلَّم بأنه شيء غير رمز شارة. ابحث عن الملف الصحيح.
emblem-token-untagged = ينقص وسم يبيّن ما هو الرمز. على من كتبه أن يكتب الوسمين 61 و18.
emblem-token-forbidden = في الرمز ادعاء لا يجوز أن يكون فيه.
emblem-token-header = أحد حقول ترويسة الرمز ناقص أو ليس كما يجب.
emblem-token-kind = ليس الرمز شارة ولا تأييدًا.
emblem-token-missing = ينقص الرمز ادعاء.
emblem-token-no-cwt-tag = الرمز غير معلَّم بأنه CWT.
emblem-token-organisation = لا يمكن قراءة إحدى منظمات الرمز.
emblem-token-shape = ليس الرمز مبنيًا كرسالة موقّعة.
emblem-token-signature-length = ليس للتوقيع طول خوارزميته.
emblem-token-too-long = أطول من أي رمز.
emblem-token-unprotected = في الترويسة جزء لا يشمله التوقيع.
emblem-token-unsigned = الرمز غير موقّع.
emblem-token-version = الرمز من إصدار آخر للبروتوكول.

# لماذا لم يُستعمل شيء مما قُدّم.
emblem-passed-folder = مجلد داخل المجلد: لا تُقرأ إلا ملفات مجلد واحد.
emblem-passed-key = المفتاح مرفوض.
emblem-passed-key-twice = عنصر مكرر في المفتاح، فقد يقرأ قارئان مفتاحين مختلفين. على من كتبه أن يكتبه مرة واحدة.
emblem-passed-link = رابط لا يؤدي إلى شيء.
emblem-passed-no-keys = مجموعة مفاتيح ليس فيها مفتاح.
emblem-passed-policy = لا يُعتد بسياسة الثقة إلا إذا قدمها المتحقق.
emblem-passed-private-key = مفتاح خاص. وهو مرفوض: لا تشاركه أبدًا.
emblem-passed-shared-secret = سر مشترك، وليس مفتاحًا علنيًا. وهو مرفوض: لا تشاركه مع غيرك.
emblem-passed-special = أنبوب أو مقبس أو جهاز: لا تُقرأ إلا الملفات.
emblem-passed-token = رمز، والمطلوب هنا أدلة فقط.
emblem-passed-unknown = لا شيء معروف هنا.
emblem-passed-unreadable = لا يمكن قراءته.

# ما لا يخالف قاعدة ويحسن أن يُعرف.
caution-title = للعلم
caution-endless = لا نهاية للرمز { $token } يمكن أن تكون تاريخًا: يقول إنه صالح إلى الأبد.
caution-every-address = ‏{ $network } هو كل عناوين { $protocol }. والشارة على كلها لا تقول شيئًا عن واحد منها.
caution-every-name = توضع الشارة على كل أسماء النطاقات. والشارة على كلها لا تقول شيئًا عن واحد منها.
caution-issued-ahead = يقول الرمز { $token } إنه صُنع في { $moment }، أي بعد وقت الحكم. ولا يحسم ذلك شيئًا: قد تكون ساعة صانعه خاطئة أو وقت الحكم خاطئًا.
caution-documentation = ‏{ $network } مخصص للأمثلة في الوثائق ولا يصل إلى أحد.
caution-law = لا كلمات هنا للقانون «{ $law }» فيبقى رمزه كما هو. والمعروف منها: { $known }.
caution-link-local = لا معنى لـ { $network } إلا على وصلة واحدة.
caution-loopback = ‏{ $network } هو اسم كل جهاز لنفسه.
caution-multicast = ‏{ $network } مخصص لمجموعات المستقبلين وليس لجهاز بعينه.
caution-private-network = ‏{ $network } مخصص للشبكات الخاصة. ويستعمل كثيرون غيره العناوين نفسها.
caution-other-party = سجّل طرف آخر { $name } أيضًا، وشارته { $emblem } سارية.
caution-other-published = تسري لـ { $name } شارة أخرى، وهي التي ينشرها الاسم: { $emblem }.
caution-kept = لا يُنشر شيء لـ { $name }: الطرف الأسبق إلى الاسم ليست له شارة سارية منذ { $emblem }، وتسجيله ما زال ساريًا. فليُصدر شارة جديدة أو ليسحب تسجيله.
caution-sealed = { $name } أو شارته غير عامة: لا تنشرها أي عقدة من تلقاء نفسها. ما يُطبع هنا لخوادمكم. لكي تنشرها العقدة سجّلوه مع ‎--public وأصدروا الشارة من جديد.
caution-unspecified = ‏{ $network } ليس عنوان أي جهاز.
caution-private-key = في { $file } مفتاح خاص. لم يُستعمل. لا تشاركه أبدًا، واستبدله إن كان غيرك قد رآه.
caution-also-registered = سجّل طرف آخر المعرّف نفسه أيضًا باسم { $asset }.
caution-registered = سجّل المُسجِّل نفسه المعرّف نفسه من قبل باسم { $asset }.
caution-script = تعرض بعض البرامج { $name } على أنه { $shown }. وقد تشبه حروف كتابات أخرى غيرها: قارن الصيغة التي تبدأ بـ xn--.
caution-script-broken = في { $name } جزء يبدأ بـ xn-- ولا يمثل أي حروف: الأرجح أنه كُتب خطأً. قارنه بالاسم المقصود.
caution-script-hidden = { $name } مكتوب بكتابة أخرى ولا يمكن عرضه حروفًا: قارن الصيغة التي تبدأ بـ xn--.
caution-untagged = ينقص الرمز { $token } الوسم 61 الذي يبيّن أنه CWT. وتطلبه المسودات، فقد يرفض آخرون الرمز. على من كتبه أن يكتب الوسمين 61 و18.
caution-wide-names = { $names } هو كل اسم تحت ‎.{ $under }: ومنها أسماء كثيرين غيره.
caution-wide-network = { $network } واسع: فيه { $count } من العناوين، بقدر ما لمزوّد كامل. وقد تكون بينها عناوين آخرين.

# What contradicts a commitment, and what is missing.
emblem-commitment-inclusion = إثبات وجود الشهادة في السجل خاطئ.
emblem-commitment-issuer-signature = لم يوقّع المُصدر الشهادة.
emblem-commitment-names = أسماء الشهادة لا تربط المفتاح بالمنظمة.
emblem-commitment-sct-list = غُيّرت قائمة توقيعات السجلات (SCT) في الشهادة ولا يمكن قراءتها.
emblem-commitment-sct-signature = توقيع السجل على الشهادة خاطئ.
emblem-missing-certificate = لا شهادة لأسماء المنظمة بين الأدلة.
emblem-missing-certificate-foreign = لا شهادة متاحة هي التي يسميها قيد السجل. وشهادات المنظمة المتاحة غريبة عنه.
emblem-missing-issuer = شهادة المُصدر غير متاحة.
emblem-missing-log-key = المفتاح العلني للسجل غير متاح، أو جاء مع الرموز أو في حزمة يستطيع أي أحد أن يضعه فيها: أعطه في ملف وحده بين الأدلة، أو سمِّ السجل في السياسة.
emblem-lack-commitments = قيود السجل التي يسميها الرمز: { $named }. وتطلب السياسة { $needed }.
emblem-lack-key = المفتاح الذي وقّع الرمز { $token } ليس هنا: اطلبه ممن أعطى الرمز.
emblem-lack-level = تطلب السياسة نتيجة أعلى مما صح:
emblem-lack-not-yet-logged = سُجّلت الشهادة بعد وقت الحكم.
emblem-lack-recognition = لا تؤيده منظمة تعترف بها السياسة.
emblem-lack-revocation-list = لا قائمة إبطال سارية تشمل الشهادة.
emblem-lack-too-old = سُجّلت الشهادة قبل وقت أطول مما تسمح به السياسة.

purpose-protective = الصليب الأحمر أو الهلال الأحمر أو البلورة الحمراء، استعمال للحماية
purpose-indicative = الصليب الأحمر أو الهلال الأحمر أو البلورة الحمراء، استعمال للدلالة
purpose-dangerous-forces = أشغال ومنشآت تحتوي على قوى خطرة
purpose-civil-defence = الدفاع المدني
purpose-cultural-property = ممتلكات ثقافية

# The register: assets, emblems, authorities.
nav-assets = الأعيان المحمية
nav-emblems = الشارات
nav-authorities = السلطات
front-protected-title = ما هو محمي
front-protected-text = خدمات تحمل شارة رقمية، ومن يقول ذلك، ومن يعترف بها. يستطيع أي شخص أن يتحقق من شارة هنا أو على حاسوبه. وعدم وجود قيد لا يعني أبدًا أن الشيء غير محمي.
error-no_asset-title = لا قيد، وهذا لا يعني عدم الحماية
error-no_emblem-text = ليس «{ $id }» إفادة شارة ولا بصمة SHA-256 لرمز في هذا السجل في الوقت المحكوم فيه. ابحث عنه بين الشارات، أو أعطِ الرمز نفسه في «تحقق من شارة».
error-no_emblem_file-title = لا ملف لهذه الشارة
error-no_emblem_file-text = للشارة ملف ما دامت سارية ورمزها موجودًا وعلنيًا. وفي الوقت المحكوم فيه لا ملف لـ«{ $id }»: لم يكن لها رمز، أو لم يعد أحد يستطيع إظهاره، أو لا يُظهره إلا حامله.
error-no_asset-text = لا شيء يحمل المعرّف «{ $id }» في هذا السجل حتى الوقت المطلوب. وكثير من الخدمات المحمية ليست في أي سجل.

register-as-of = حتى حجم السجل { $size }، والحكم في { $moment }.
register-known-now = كما هو معلوم الآن: تُحتسب كل الإفادات دون ذلك الحجم.
register-known-then = كما كان معلومًا حينها: يُحتسب فقط ما وصل حتى وقت الحكم.
register-at = وقت الحكم، إن لم يكن الآن
register-index = حجم السجل، إن لم يكن كله
register-known = ما يُحتسب
register-as-now-known = كما هو معلوم الآن
register-as-then-known = كما كان معلومًا حينها
register-period = الوقت
register-from = من { $moment }
register-until = حتى ما قبل { $moment }
register-no-end = لا نهاية محددة
register-state = الحالة

assets-title = الأعيان المحمية
assets-lead = ما سجلته أطراف على أنه محمي، وبموجب أي قانون، ومن يعترف به. التسجيل قول صاحبه، والاعتراف قول غيره.
assets-count = { $count ->
    [zero] لا أعيان
    [one] عين واحدة
    [two] عينان، آخرهما تسجيلًا أولًا
    [few] { $count } أعيان، آخرها تسجيلًا أولًا
    [many] { $count } عينًا، آخرها تسجيلًا أولًا
   *[other] { $count } عين، آخرها تسجيلًا أولًا
}
assets-table = الأعيان والجواب عن كل منها
assets-empty-title = لا قيد
asset-title = { $kind }، القيد { $index }
asset-what = ما هو
asset-answer = الجواب
asset-kind = النوع
asset-identifier = ما يعرّفه
asset-not-public = غير علني
asset-not-public-why = في السجل بصمة فقط. يستطيع صاحبه أن يُظهر ما تمثله، وأن يطلب محوه.
asset-erased = مُحي
asset-gone = في السجل بصمة فقط. ومُحي لاحقًا ما كانت تمثله: لم يعد أحد يستطيع أن يُظهره.
asset-bearer = الحامل
asset-registrant = سجّله
asset-law = القانون
asset-authority = السلطة التي يستند إليها
asset-withdrawn = سُحب
asset-recognised-by = معترف به من { $by }، عبر السلطة { $authority }، بموجب { $law }.
asset-recognised-for-good = بلا نهاية محددة.
asset-recognised-until = حتى { $moment }.
asset-under-policy = بموجب السياسة
asset-without-policy = لم تُسمَّ سياسة.
asset-no-entry = عدم وجود قيد، أو قيد معترف به، لا يعني عدم الحماية.
asset-then = كما كان معلومًا حينها، كان الجواب عن الوقت نفسه: { $answer }.
asset-card-link = بطاقة للطباعة: لماذا هذا محمي
asset-registered-title = ما سُجّل
asset-registered-lead = هذا قول الطرف الذي سجّله.
asset-no-emblems = لا يحمل شارة في هذا السجل.
asset-alleged-title = سوء استعمال مُدّعى
asset-alleged-lead = ما يلي يدّعيه طرف. ولا شيء هنا يقرر أنه حدث.
asset-alleged-withdrawn = سُحب:
asset-proof-download = إثبات هذا الجواب
asset-proof-lead = يحتوي الإثبات على كل إفادة يتوقف عليها الجواب، صعودًا إلى من يعترف بالسلطة. ويحسب التحقق الجواب من جديد.
asset-verify-lead = أو اسأل نسختك من السجل بعد أن تدققها بالأمر «ensign verify D»:

emblems-title = الشارات
emblems-lead = كل شارة إفادة موقّعة: عين تتمتع بحماية لوقت.
emblems-count = { $count ->
    [zero] لا شارات
    [one] شارة واحدة
    [two] شارتان، الأخيرة أولًا
    [few] { $count } شارات، الأخيرة أولًا
    [many] { $count } شارة، الأخيرة أولًا
   *[other] { $count } شارة، الأخيرة أولًا
}
emblems-table = الشارات
emblems-empty-title = لا شارة
emblem-word = الشارة
emblem-title = شارة، القيد { $index }
emblem-leads-nowhere = لا تؤدي إلى سلطة يعترف بها غيره: هي قول من أصدرها.
emblem-issued-title = ما صدر
emblem-asset = العين
emblem-digest = البصمة
emblem-of-token = بصمة رمزها
emblem-of-statement = الإفادة نفسها هي الشارة: لا رمز لها.
emblem-ended = انتهت
emblem-token-gone = كان الرمز يسمي ما توضع الشارة عليه، ثم مُحي: لم يعد أحد يستطيع أن يُظهره.
emblem-token-not-public = الرمز يسمي ما توضع الشارة عليه، وهو غير علني. يستطيع صاحبه أن يُظهره.
emblem-endorsements-title = من يؤيد مفتاحها
emblem-verify-lead = الرموز والمفاتيح في ملف واحد، للتحقق دون هذا الموقع ودون شبكة:
emblem-alone = يُظهر وحده أن الشارة موقّعة، لا أكثر. أما الاعتراف بها أو إبطالها فمسجل في السجل.
emblem-download = الشارة في ملف

authorities-title = السلطات
authorities-lead = أي طرف يعترف بأي منظمة سلطةً، وبأي مفاتيح، ولأي حماية. يستطيع أي طرف أن يعترف، والقارئ يقرر بمن يعتد.
authorities-count = { $count ->
    [zero] لا اعترافات
    [one] اعتراف واحد
    [two] اعترافان، الأخير أولًا
    [few] { $count } اعترافات، الأخير أولًا
    [many] { $count } اعترافًا، الأخير أولًا
   *[other] { $count } اعتراف، الأخير أولًا
}
authorities-empty-title = لا اعتراف
authorities-empty-text = لم يذكر أي طرف هنا أنه يعترف بهذا. ولا يعني ذلك أن ما تضع شارتها عليه غير محمي.
authority-title = السلطة { $domain }
authority-recognises = { $by } يعترف بـ { $organisation }
authority-organisation = المنظمة
authority-kinds = لأعيان من نوع
authority-all-kinds = الكل
authority-keys = المفاتيح الجذرية
authority-verify-lead = كل اعتراف إفادة موقّعة في السجل. دقق نسختك:

outcome-recognised = معترف به
outcome-declared = معلن فقط
outcome-expired = منتهٍ
outcome-revoked = مُبطَل
outcome-not-yet = لم يحن وقته
outcome-withdrawn = مسحوب
outcome-no-entry = لا قيد
reason-asset-expired = انتهى الوقت الذي سُجّل له.
reason-no-emblem = لا يحمل شارة.
reason-emblem-not-yet = شارته لوقت قادم.
reason-emblem-expired = انتهى وقت شارته.
reason-emblem-revoked = أُبطلت شارته.
reason-key-revoked = أُبطل مفتاح شارته.
reason-not-endorsed = لم يؤيد أحد مفتاح شارته، ولا أحد يعترف به.
reason-endorsed-for-other = التأييد لحماية أخرى.
reason-endorsement-expired = انتهى وقت التأييد أو لم يحن.
reason-endorsement-revoked = أُبطل التأييد أو المفتاح الذي وقّعه.
reason-not-recognised = لا أحد يعترف بالسلطة المؤيِّدة.
reason-other-kind = السلطة معترف بها لأنواع أخرى من الأعيان.
reason-other-purpose = السلطة معترف بها لحماية أخرى.
reason-recognition-expired = انتهى وقت الاعتراف أو لم يحن.
reason-recognition-superseded = يسمي الاعتراف الآن مفاتيح أخرى أو يقول شيئًا آخر.
reason-recognition-withdrawn = سُحب الاعتراف.
reason-only-by-bearer = الحامل وحده يعترف بالسلطة.
reason-not-honoured = من يعترف بالسلطة لا يُعتد به هنا.
# كيف انتهى شيء ولماذا.
end-by = في { $moment } من { $by }.
end-why = في { $moment } من { $by }: { $reason }.
end-revoked = أُبطل في { $moment } من { $by }: { $reason }.
end-withdrawn = سُحب في { $moment } من { $by }: { $reason }.
end-superseded = حل غيره محله في { $moment } بإفادة من { $by }.
end-reason-closed = أُغلق
end-reason-compromised = قد يكون المفتاح عند غير صاحبه
end-reason-lost = فُقد
end-reason-mistaken = كان خطأ
end-reason-moved = انتقل
end-reason-policy = تغيرت السياسة
end-reason-superseded = حل غيره محله
end-reason-unsafe = كان وضع الشارة غير آمن
end-reason-withdrawn = استُرد
former-until = كانت الشارة قائمة حتى ما قبل { $moment } مباشرة.
former-recognised-by = وكان معترفًا به حتى ذلك الحين من { $by }، عبر السلطة { $authority }، بموجب { $law }.
former-not-recognised = وكان حتى ذلك الحين قول من أصدر الشارة: لم يكن يؤدي إلى سلطة يعترف بها غيره.

# سوء الاستعمال المُدّعى ومدى ثقة من يدّعيه.
misuse-act-copied = نُسخت
misuse-act-forged = زُوّرت
misuse-act-other-bearer = يحملها غير صاحبها
misuse-act-other-use = استُعملت لغير ما وُضعت له
misuse-grade-corroborated = معزَّز بمصادر أخرى
misuse-grade-documented = موثَّق
misuse-grade-reported = مُبلَّغ عنه

status-standing = قائم
status-not-yet = لم يحن وقته
status-expired = منتهٍ
status-revoked = مُبطَل
status-superseded = حل غيره محله
status-withdrawn = مسحوب
asset-kind-address = عنوان شبكة
asset-kind-aircraft = طائرة
asset-kind-corridor = ممر
asset-kind-domain = اسم نطاق
asset-kind-network = شبكة
asset-kind-place = مكان
asset-kind-vehicle = مركبة
asset-kind-vessel = سفينة
law-gc-i = اتفاقية جنيف الأولى لعام 1949
law-gc-ii = اتفاقية جنيف الثانية لعام 1949
law-gc-iii = اتفاقية جنيف الثالثة لعام 1949
law-gc-iv = اتفاقية جنيف الرابعة لعام 1949
law-ap-i = البروتوكول الإضافي الأول لعام 1977
law-ap-ii = البروتوكول الإضافي الثاني لعام 1977
law-ap-iii = البروتوكول الإضافي الثالث لعام 2005
law-customary = القانون الدولي الإنساني العرفي
law-movement = قواعد الحركة بشأن الاستعمال للدلالة
law-hague-1954 = اتفاقية لاهاي لعام 1954

# The printed card.
card-title = لماذا هذا محمي
card-title-ended = وُضعت على هذا شارة وقد انتهت
card-title-not-yet = لماذا سيكون هذا محميًا
card-back = العودة إلى العين
card-authority = السلطة
card-no-authority = لم تُسمَّ سلطة
card-until = حتى ما قبل
card-contact = جهة الاتصال
card-contact-authority = اسأل السلطة في النطاق الذي تُسمّى به:
card-contact-text = الحامل المذكور أعلاه.
card-contact-registrant = من سجّله، وهو مذكور أعلاه.
card-made-by = صنعت هذه البطاقة عقدة { $operator }.
card-register = في السجل
card-code-title = رمز استجابة سريعة فيه الشارة: رموزها ومفاتيحها
card-code-lead = في الرمز الشارة نفسها: الرموز والمفاتيح. اقرأه بأي كاميرا واحفظ نصه باسم card.txt وتحقق منه دون شبكة:
card-code-long = الشارة أطول من أن يسعها رمز واحد. احفظ نصها الوارد أدناه في card.txt، وهذا الأمر يتحقق منها دون شبكة:
card-code-none = ليس لهذه الشارة رمز علني يمكن وضعه هنا. تحقق منها في نسخة من السجل:
card-no-emblem = لا شارة قائمة لهذه العين في وقت الحكم.
card-text-title = الشيء نفسه نصًا
card-text-lead = ما في الرمز، لنسخه:

# Statements of these kinds.
kind-authority-recognised = اعتراف بسلطة
kind-authority-withdrawn = سحب اعتراف
kind-asset-registered = تسجيل عين
kind-asset-withdrawn = سحب عين
kind-asset-erased = محو ما يعرّف عينًا
kind-emblem-key_published = نشر مفتاح شارات
kind-emblem-endorsed = تأييد مفتاح شارات
kind-emblem-issued = إصدار شارة
kind-emblem-revoked = إبطال شارة أو تأييد أو مفتاح
kind-emblem-misuse_alleged = ادعاء سوء استعمال
kind-emblem-misuse_withdrawn = سحب ادعاء سوء استعمال
