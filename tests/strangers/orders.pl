#!/usr/bin/perl
# A client of Ion in Perl, written from the reference: orders.pl JOURNEY FACTS.json
# It sends what administrators' modules send: the token form as multipart, filters that are empty,
# slashes at the end, orders for everything, and looks at an order until it is done.
use strict;
use warnings;
use utf8;
use HTTP::Tiny;
use JSON::PP;
use Time::HiRes qw(sleep);

my ($journey, $file) = @ARGV;
my $facts = do { local (@ARGV, $/) = $file; decode_json(<>) };
my $ion   = $facts->{ion};
my $root  = "/api/v3/accounts/$ion->{account_id}";
my $http  = HTTP::Tiny->new(
    agent   => 'PowerShell/7.4',
    timeout => 30
);
my $json = JSON::PP->new->utf8->canonical;
my ($access, $refresh) = ('', $ion->{refresh_token});

sub same {
    my ($got, $wanted, $what) = @_;
    $_ = JSON::PP->new->canonical->allow_nonref->encode($_) for $got, $wanted;
    die "$what: got $got, wanted $wanted\n" unless $got eq $wanted;
}

sub ask {
    my ($method, $path, $body, $type) = @_;
    my %request = (headers => { Authorization => "Bearer $access" });
    if (defined $body) {
        $request{content} = ref $body ? $json->encode($body) : $body;
        $request{headers}{'Content-Type'} = $type // 'application/json';
    }
    my $answer = $http->request($method, "$ion->{base_url}$path", \%request);
    die "$method $path: $answer->{content}\n" if $answer->{status} == 599;
    return ($answer->{status},
        length $answer->{content} ? $json->decode($answer->{content}) : undef);
}

sub good {
    my ($status, $got) = ask(@_);
    die "$_[0] $_[1]: HTTP $status " . $json->encode($got) . "\n" unless $status == 200;
    return $got;
}

# As .NET writes a form: each part with its own type, names with or without quotes.
sub multipart_token {
    my ($quote, %fields) = @_;
    my $boundary = '9c0d3fb2-46a7-4d5e-9f2b-0b8f5ad3a1c7';
    my $body     = join '', map {
              "--$boundary\r\nContent-Type: text/plain; charset=utf-8\r\n"
            . "Content-Disposition: form-data; name=$quote$_$quote\r\n\r\n$fields{$_}\r\n"
    } sort keys %fields;
    my $type = qq(multipart/form-data; boundary="$boundary");
    return ask('POST', '/oauth/token', "$body--$boundary--\r\n", $type);
}

sub take {
    my ($status, $got) = @_;
    same($status,           200,                                                    'token');
    same([sort keys %$got], [qw(access_token expires_in refresh_token token_type)], 'token');
    same([$got->{expires_in}, $got->{token_type}], [7200, 'Bearer'],                'token');
    die "the refresh token was not replaced\n" if $got->{refresh_token} eq $refresh;
    ($access, $refresh) = @$got{qw(access_token refresh_token)};
}

my @dead = (400, { error => 'cannot validate token: redis: nil' });

sub tokens {
    for my $quote ('"', '') {
        my $used = $refresh;
        take(
            multipart_token(
                $quote,
                grant_type    => 'refresh_token',
                refresh_token => $used,
                redirect_uri  => 'http://localhost/'
            )
        );
        same(
            [multipart_token($quote, grant_type => 'refresh_token', refresh_token => $used)],
            \@dead,
            'a used token'
        );
    }
    my $form = 'application/x-www-form-urlencoded';
    take(
        ask(
            'POST',
            '/oauth/token',
"grant_type=refresh_token&redirect_url=https%3A%2F%2Flocalhost%2F&refresh_token=$refresh",
            $form
        )
    );
    take(ask('POST', '/oauth/token/', "refresh_token=$refresh&grant_type=refresh_token", $form));
    for my $grant (qw(password client_credentials)) {
        same([ask('POST', '/oauth/token', "grant_type=$grant&username=u&password=p", $form)],
            \@dead, $grant);
    }
    for my $life (good('GET', '/oauth/validateAccess?'),
        good('POST', '/oauth/validateAccess', "access_token=$access", $form))
    {
        same([sort keys %$life], [qw(access_expires_in refresh_expires_in)], 'validateAccess');
        die "lives\n"
            unless $life->{access_expires_in} > 7190
            && $life->{access_expires_in} <= 7200
            && $life->{refresh_expires_in} > 2764790
            && $life->{refresh_expires_in} <= 2764800;
    }
    same([ask('POST', '/oauth/validateAccess', 'access_token=other', $form)], \@dead, 'unknown');
    $access = 'other';
    same([ask('GET', '/oauth/validateAccess')],         \@dead, 'unknown, by GET');
    same((ask('GET', "$root/customers?pageSize=1"))[0], 401,    'an unknown bearer');
}

sub sign_in {
    take(multipart_token('"', grant_type => 'refresh_token', refresh_token => $refresh));
}

sub last_of { (split m{/}, $_[0]{name})[-1] }

sub finish {
    my ($customer, $order, $wanted) = @_;
    my $id = last_of($order);
    my $now;
    for (1 .. 200) {
        $now = good('GET', "$root/customers/$customer/orders/$id/");
        last if $now->{status} =~ /^(COMPLETED|ERROR|CANCELED)$/;
        die "$now->{status}\n" unless $now->{status} =~ /^(NEW|CONFIRMED|IN_PROGRESS|ON_HOLD)$/;
        sleep 0.05;
    }
    same($now->{status}, $wanted // 'COMPLETED', "order $id");
    return $now;
}

sub attributes {
    my %of = @_;
    return [map { { name => $_, value => $of{$_} } } sort keys %of];
}

# A subscription of our own, with two seats, at the third customer.
sub buy {
    my ($spell)   = @_;
    my $customer  = last_of(good('GET', "$root/customers?pageSize=1000")->{customers}[2]);
    my $products  = good('GET', "$root/products?pageSize=1000&filter.name=Microsoft&filter.skuId=");
    my ($product) = grep { $_->{id} =~ /NCE/ } @{ $products->{products} };
    my $detail    = good('GET', "$root/products/$product->{id}?language=&clientRole=");
    my $sku       = $detail->{definition}{skus}[0];
    my ($plan)    = grep { $_->{id} =~ /Annual-Commit/ } @{ $sku->{plans} };
    my %item      = (
        action       => 'CREATE',
        productId    => $product->{id},
        skuId        => $sku->{id},
        planId       => $plan->{id},
        quantity     => 2,
        providerName => 'AZURE',
        resourceId   => 'taken-and-ignored',
        resellerPO   => 'P-7',
        attributes   => attributes(
            domainName     => 'stranger.onmicrosoft.com',
            renewalSetting => 'auto-on',
            AutoRenew      => 'auto-on',
            billingTerm    => 'Y'
        ),
    );
    my %order = (
        referenceId => 'stranger-1',
        displayName => 'Two seats',
        orderItems  => [\%item]
    );
    my $order =
        good('POST', "$root/customers/$customer/orders", $spell ? $spell->(\%order) : \%order);
    same([@$order{qw(status referenceId displayName)}],
        ['NEW', 'stranger-1', 'Two seats'], 'placed');
    my $done = finish($customer, $order);
    my $guid = $done->{orderItems}[0]{resourceId};
    die "resourceId $guid\n" unless $guid =~ /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    return ($customer, $guid);
}

sub subscription {
    my ($customer, $id) = @_;
    return good('GET', "$root/customers/$customer/subscriptions/$id?refresh=True");
}

sub change {
    my ($customer, $guid, $slash, $operation, $quantity, %attributes) = @_;
    my $now = subscription($customer, $guid);
    return good(
        'POST',
        "$root/customers/$customer/orders$slash",
        {
            name       => $now->{subscriptionName},
            unheardOf  => { a => [1] },
            orderItems => [
                {
                    productId  => $now->{ccpProductId},
                    skuId      => $now->{ccpSkuId},
                    planId     => $now->{ccpPlanId},
                    action     => 'UPDATE',
                    quantity   => $quantity,
                    resourceId => $guid,
                    vendor     => 'MICROSOFT',
                    attributes => attributes(
                        operations => $operation,
                        %attributes
                    ),
                }
            ],
        }
    );
}

sub orders {
    sign_in();
    my ($customer, $guid) = buy();
    my $s = subscription($customer, $guid);
    same([@$s{qw(subscriptionTotalLicenses subscriptionStatus autoRenew subscriptionRenewStatus)}],
        ['2', 'active', JSON::PP::true, 'ENABLED'], 'bought');
    same([map { $_->{actionType} } @{ $s->{activityLogs}{items} }], ['Subscription Created'],
        'log');
    same($s,                   subscription($customer, $s->{id}), 'by its internal id');
    same($s->{subscriptionId}, subscription($customer, uc $guid)->{subscriptionId}, 'in capitals');

    my @steps = (
        ['/', 'updatesubscription', 5, {}, subscriptionTotalLicenses => '5'],
        ['',  'updateSubscription', 4, {}, subscriptionTotalLicenses => '4'],    # in its window
        [
            '/', 'updatesubscription', 4,
            { renewalSetting => 'auto-off' },
            autoRenew => JSON::PP::false
        ],
        [
            '?', 'UPDATESUBSCRIPTION', 4, { renewalSetting => 'auto-on' },
            autoRenew => JSON::PP::true
        ],
        [
            '', 'updateSubscription', 4,
            { statusUpdate => 'suspended' },
            subscriptionStatus => 'suspended'
        ],
        ['', 'updateSubscription', 4, { statusUpdate => 'active' }, subscriptionStatus => 'active'],
        ['', 'updateSubscription', 4, { friendlyName => 'Büro' },   subscriptionName   => 'Büro'],
        [
            '', 'updateSubscription', 4,
            { statusUpdate => 'deleted' },
            subscriptionStatus => 'deleted'
        ],
    );
    for my $step (@steps) {
        my ($slash, $operation, $quantity, $attributes, $key, $value) = @$step;
        finish($customer, change($customer, $guid, $slash, $operation, $quantity, %$attributes));
        my $now = subscription($customer, $guid);
        same($now->{$key}, $value, $key);
    }
    my $logs = subscription($customer, $guid)->{activityLogs};
    same($logs->{totalCount},            '9',                    'a line for each order');
    same($logs->{items}[-1]{actionType}, 'Subscription Created', 'newest first');
    same(scalar(grep { $_->{actionDetails} =~ /New Quantity: 5;/ } @{ $logs->{items} }), 1, 'log');
}

sub snake {
    my ($value) = @_;
    return [map { snake($_) } @$value] if ref $value eq 'ARRAY';
    return $value unless ref $value eq 'HASH';
    my %snake;
    for my $key (keys %$value) {
        (my $name = $key) =~ s/(?<=[a-z])([A-Z]+)/_\L$1/g;
        $snake{$name} = snake($value->{$key});
    }
    return \%snake;
}

sub spellings {
    sign_in();
    my ($customer, $guid) = buy(\&snake);
    same(subscription($customer, $guid)->{resellerPO}, 'P-7', 'reseller_po');
    my $by = good('GET',
              "$root/subscriptions?subscription_id=\U$guid\E&customer_id=$customer"
            . '&provider_id=&reseller_id=&subscription_status=aCtIvE&billing_term=p1y&refresh=False'
    );
    same([map { $_->{subscriptionId} } @{ $by->{items} }], [$guid],            'snake_case');
    same($by->{paginationResponse},                        { totalSize => 1 }, 'a number');

    # JSON, whatever the header says it is
    my ($status) = ask(
        'POST',              "$root/customers/$customer/orders",
        '{"orderItems":[]}', 'application/x-www-form-urlencoded'
    );
    same($status, 400, 'no line');
    my @faults = (
        [{ orderItems => [{ action => 'UPDATE' }] }, 'COMM-VL-001 '],
        [undef, 'COMM-VL-002', action => 'CANCEL'],
        [undef, 'COMM-VL-003', action => 'UPDATE'],
        [
            undef, 'COMM-VL-004',
            action       => 'CREATE',
            providerName => 'AZURE'
        ],
    );
    my $s = subscription($customer, $guid);
    for (@faults) {
        my ($order, $code, %more) = @$_;
        $order //= {
            orderItems => [
                {
                    productId  => $s->{ccpProductId},
                    skuId      => $s->{ccpSkuId},
                    planId     => $s->{ccpPlanId},
                    quantity   => 1,
                    attributes => [],
                    %more
                }
            ]
        };
        my ($refused, $why) = ask('POST', "$root/customers/$customer/orders", $order);
        same([$refused, @$why{qw(error code)}],
            [400, 'BAD_REQUEST: Invalid provisioning data', 3], $code);
        same($why->{details}[0]{'@type'}, 'type.googleapis.com/v3orberrors.ErrorBody', $code);
        my @codes = map { $_->{code} } @{ $why->{details}[0]{errors} };
        same(scalar(grep { $_ eq $code } @codes), scalar(@codes), "@codes");
    }

    my $orders = "$root/customers/$customer/orders";
    my $listed = good('GET', "$orders?status=&pageSize=1000")->{orders};
    same([map { $_->{status} } @$listed], ['COMPLETED'], 'orders');
    my $all = good('GET', "$root/customers/-/orders?pageSize=100&status=completed");
    same($all->{orders}, $listed, 'of all customers');
    same(
        good('GET', "$root/orders?filter.customer_id_list=1,$customer&pageSize=9&sortOrder=asc")
            ->{orders},
        $listed,
        'of the account'
    );
    same((ask('GET', $orders))[0], 400, 'neither pageSize nor pageToken');

    my ($product) = map { $_->{id} } @{ good('GET', "$root/products?pageSize=5")->{products} };
    for my $colon (':', '%3A', '%3a') {
        same(good('POST', "$root/products/$product${colon}disable?"),    {},  'disable');
        same((ask('POST', "$root/products/$product${colon}disable"))[0], 400, 'twice');
        same(good('POST', "$root/products/$product${colon}enable/"),     {},  'enable');
    }
}

# The simulator was told that orders take a minute.
sub cancels {
    sign_in();
    my $customer = last_of(good('GET', "$root/customers?pageSize=1&pageToken=")->{customers}[0]);
    my $s        = good('GET', "$root/subscriptions?customerId=$customer&subscriptionStatus=ACTIVE")
        ->{items}[0];
    my $seats = $s->{subscriptionTotalLicenses};
    for my $colon (':', '%3A') {
        my $order = change($customer, $s->{subscriptionId}, '', 'updateSubscription', $seats + 1);
        my $path  = "$root/customers/$customer/orders/" . last_of($order);
        same(good('POST', "$path${colon}cancel")->{status}, 'CANCELED', 'cancel');
        my ($status, $why) = ask('POST', "$path${colon}cancel");
        same([$status, $why->{code}], [400, 400], 'not again');
        finish($customer, $order, 'CANCELED');
    }
    my $now = subscription($customer, $s->{id});
    same($now->{subscriptionTotalLicenses}, "$seats", 'unchanged');
}

my %journeys = (
    tokens    => \&tokens,
    orders    => \&orders,
    spellings => \&spellings,
    cancels   => \&cancels
);
$journeys{$journey}->();
print "arrived\n";
